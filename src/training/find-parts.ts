import type { Cell, Label } from '../dataset/cell.ts';
import { applyLabelSet, checkReview } from '../dataset/label-sets.ts';
import type { TrainingOptions } from './options.ts';
import { checkParts, partsOf, type RunParts } from './parts.ts';
import type { RunRecord } from './run-folder.ts';
import { sampleWeights } from './sample-weights.ts';

export interface PartsInput extends Pick<TrainingOptions, 'recipe'> {
  readonly options: Pick<TrainingOptions, 'dataset' | 'data' | 'split' | 'review'>;
  /** In the order of the split. */
  readonly cells: readonly Cell[];
}

/**
 * The parts of a run, in the labels trained on.
 * @throws GiemsaError `one-label`, `bad-review`
 */
export function findParts(
  { options, recipe, cells }: PartsInput,
  unreadable: RunRecord['leftOut'],
): RunParts {
  const { dataset, data, split, review } = options;
  if (review) checkReview(dataset.cells, review);
  const labelled = applyLabelSet(dataset.cells, data.labelSet, review ?? []);
  const labels = new Map<string, Label>(labelled.map(({ path, label }) => [path, label]));
  const parts = partsOf(cells, split, labels, new Set(unreadable.map(({ path }) => path)));
  checkParts(recipe, parts);
  const weights = sampleWeights({ ...options, recipe }, cells);
  return weights ? { ...parts, sampleWeights: weights } : parts;
}
