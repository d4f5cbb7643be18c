import { fitTemperature } from '../evaluation/temperature.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { enoughCells, LEAST_CELLS } from './enough-cells.ts';
import { type Judges, scaledJudges } from './judges.ts';
import { type OutputsInput, outputsOf } from './outputs.ts';
import type { RunParts } from './parts.ts';

export interface CalibrationInput extends OutputsInput, Judges {
  readonly parts: RunParts;
}

/**
 * Temperature scaling (Guo et al. 2017): the logit is divided by what fits the validation part best, in the labels
 * trained on. That goes into the weights that it comes from, so the model itself gives the calibrated probability. What a
 * cell is called at 0.5 stays. An intercept fitted as well (Platt 1999) made it worse: the few patients of a validation
 * part differ in it more than the model is wrong (docs/results/experiments.md).
 *
 * @returns what gives the log-odds as it was where the recipe does not ask for it, or nothing could be fitted, which `calibration` says
 */
export async function calibrate(
  input: CalibrationInput,
): Promise<{ judges: Judges; calibration?: NonNullable<ModelMetadata['calibration']> }> {
  const { recipe, parts, weights, colours, predictor, math } = input;
  const judges = { weights, ...(colours && { colours }) };
  if (recipe.training.calibration === undefined) return { judges };
  const labels = Array.from(parts.val, (number) => parts.targets[number]);
  const not = (reason: string) => ({ judges, calibration: { method: 'none', reason } as const });
  if (!enoughCells(labels)) {
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
    judges: scaledJudges(recipe.network, judges, 1 / temperature),
    calibration: { method: 'temperature', temperature, chosenOn: `val, ${labels.length} cells` },
  };
}
