import type { EngineMath } from '../engine/engine.ts';
import { type Calibration, fitCalibration } from '../evaluation/calibration.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { resolve } from '../network/graph.ts';
import type { Network, Weights } from '../network/network.ts';
import { type OutputsInput, outputsOf } from './outputs.ts';
import type { RunParts } from './parts.ts';

export interface CalibrationInput extends OutputsInput {
  readonly parts: RunParts;
  readonly weights: Weights;
  /** The engine's: what is fitted reaches weights. */
  readonly math: EngineMath;
}

/** With fewer cells of a label the fit is mostly chance. */
const LEAST_CELLS = 20;

/**
 * Platt scaling (Platt 1999): the slope and intercept of the logit that fit the validation part best, in the labels
 * trained on. They go into the last layer's weights, so the network itself gives the calibrated probability.
 *
 * @returns the weights as they were where the recipe does not ask for it, or nothing could be fitted, which `calibration` says
 */
export async function calibrate(
  input: CalibrationInput,
): Promise<{ weights: Weights; calibration?: NonNullable<ModelMetadata['calibration']> }> {
  const { recipe, parts, weights, predictor, math } = input;
  if (recipe.training.calibration === undefined) return { weights };
  const labels = Array.from(parts.val, (number) => parts.targets[number]);
  const positives = labels.filter((label) => label === 1).length;
  const not = (reason: string) => ({ weights, calibration: { method: 'none', reason } as const });
  if (Math.min(positives, labels.length - positives) < LEAST_CELLS) {
    return not(`fewer than ${LEAST_CELLS} validation cells of a label`);
  }
  const logits: number[] = [];
  predictor.load(weights);
  for await (const { outputs } of outputsOf(input, parts.val)) logits.push(...outputs.logits);
  const fitted = fitCalibration(logits, labels, math);
  if (fitted === null) return not('a threshold separates the labels of the validation part: no slope fits');
  if (!(fitted.slope > 0))
    return not('on the validation part, higher probabilities go with fewer parasitized cells');
  return {
    weights: scaledLogit(recipe.network, weights, fitted),
    calibration: { method: 'platt', ...fitted, chosenOn: `val, ${labels.length} cells` },
  };
}

/** The weights of the network whose logit is slope times this one's, plus intercept. */
function scaledLogit(network: Network, weights: Weights, { slope, intercept }: Calibration): Weights {
  const { name } = resolve(network).nodes.at(-1) as { name: string };
  return new Map(
    [...weights].map(([key, parameter]) => {
      if (key !== `${name}/kernel` && key !== `${name}/bias`) return [key, parameter];
      const added = key === `${name}/bias` ? intercept : 0;
      return [key, { ...parameter, data: parameter.data.map((value) => slope * value + added) }];
    }),
  );
}
