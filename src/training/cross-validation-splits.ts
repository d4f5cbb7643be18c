import { GiemsaError } from '../cells/errors.ts';
import { foldsToSplit } from '../dataset/folds.ts';
import type { SplitRow } from '../dataset/split.ts';
import { findParts } from './find-parts.ts';
import type { TrainingOptions } from './options.ts';
import { cellsOfSplit } from './parts.ts';

/** What tells the folds, and who is in them. */
export interface FoldsInput extends Pick<TrainingOptions, 'recipe' | 'dataset' | 'data' | 'review' | 'seed'> {
  /** The fold of each patient, as from `drawFolds` or `readFolds`. */
  readonly folds: ReadonlyMap<string, number>;
  /** The folds to use; cells of others are left out altogether. Default: all. */
  readonly onlyFolds?: readonly number[];
}

/**
 * The folds that are used, in their order.
 * @throws GiemsaError `bad-folds`
 */
export function foldsToUse({
  dataset,
  folds,
  onlyFolds,
}: Pick<FoldsInput, 'dataset' | 'folds' | 'onlyFolds'>): number[] {
  const present = new Set<number>();
  for (const { patient } of dataset.cells) {
    const fold = folds.get(patient);
    if (fold !== undefined) present.add(fold);
  }
  const used = [...new Set(onlyFolds ?? present)].sort((a, b) => a - b);
  if (used.length > 1 && used.every((fold) => present.has(fold))) return used;
  throw new GiemsaError(
    'bad-folds',
    `a cross-validation needs two folds or more that have cells. Received: ${used.join(', ') || 'none'};` +
      ` with cells: ${[...present].sort((a, b) => a - b).join(', ') || 'none'}`,
  );
}

/**
 * The split of each of these folds, where it is the test part. All are made before anything is trained, so that folds that will not do
 * are found at once and not after hours.
 * @throws GiemsaError `unknown-patient`, `too-few-patients`, `one-label`, ...
 */
export function splitsOfFolds(options: FoldsInput, folds: readonly number[]): SplitRow[][] {
  const { dataset, seed } = options;
  return folds.map((test) => {
    const train = folds.filter((fold) => fold !== test);
    const split = foldsToSplit(dataset.cells, options.folds, { test, train, seed });
    checkFold({ ...options, split }, test);
    return split;
  });
}

/** @throws GiemsaError `one-label` where the fold cannot be trained or chosen on */
function checkFold(
  options: Pick<TrainingOptions, 'recipe' | 'dataset' | 'data' | 'split' | 'review'>,
  fold: number,
): void {
  const { dataset, recipe, split } = options;
  try {
    findParts({ options, recipe, cells: cellsOfSplit(dataset.cells, split) }, []);
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError(error.code, `where fold ${fold} is the test: ${error.message}`, { cause: error });
  }
}
