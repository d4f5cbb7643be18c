import type { Cell } from '../dataset/cell.ts';
import { hardNegatives } from '../dataset/label-sets.ts';
import type { TrainingOptions } from './options.ts';

/**
 * How much each of the cells counts in the loss, by the recipe's `hardNegativeWeight`. Which patients are healthy, all cells of the data set say.
 * @returns nothing where the recipe has no such weight, or the labels trained on are not relabelled
 */
export function sampleWeights(
  { recipe, dataset, data, review }: Pick<TrainingOptions, 'recipe' | 'dataset' | 'data' | 'review'>,
  cells: readonly Cell[],
): Float32Array | undefined {
  const { hardNegativeWeight } = recipe.training;
  if (hardNegativeWeight === undefined || data.labelSet !== 'relabelled' || !review) return undefined;
  const hard = new Set(hardNegatives(dataset.cells, review).map(({ path }) => path));
  return Float32Array.from(cells, ({ path }) => (hard.has(path) ? hardNegativeWeight : 1));
}
