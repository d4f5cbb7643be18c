import type { EngineMath } from '../engine/engine.ts';
import { fitTemperature } from '../evaluation/temperature.ts';
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
 * Temperature scaling (Guo et al. 2017): the logit is divided by what fits the validation part best, in the labels
 * trained on. That goes into the last layer's weights, so the network itself gives the calibrated probability. What a
 * cell is called at 0.5 stays. An intercept fitted as well (Platt 1999) made it worse: the few patients of a validation
 * part differ in it more than the model is wrong (docs/results/experiments.md).
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
  for await (const { outputs } of outputsOf(input, 'calibration', parts.val)) logits.push(...outputs.logits);
  const temperature = fitTemperature(logits, labels, math.exp);
  if (temperature === null) {
    return not(
      'no temperature fits: its best is none at all, or on the validation part the labels are the wrong way round',
    );
  }
  return {
    weights: scaledLogit(recipe.network, weights, 1 / temperature),
    calibration: { method: 'temperature', temperature, chosenOn: `val, ${labels.length} cells` },
  };
}

/** The weights of the network whose logit is so many times this one's. */
function scaledLogit(network: Network, weights: Weights, slope: number): Weights {
  const { name } = resolve(network).nodes.at(-1) as { name: string };
  return new Map(
    [...weights].map(([key, parameter]) => [
      key,
      key === `${name}/kernel` || key === `${name}/bias`
        ? { ...parameter, data: parameter.data.map((value) => slope * value) }
        : parameter,
    ]),
  );
}
