import type { Cell } from './cell.ts';
import { pythonRandom } from './python-random.ts';
import { fractions, type Part, type Ratio, type SplitRow, splitRows } from './split.ts';

/** To be shown with every split by cell. */
export const leakWarning =
  'Cells of one patient are in several parts: figures from this split are too good, because a network recognises the' +
  " patient (on the NIH set a cell's patient alone predicts its label with ROC AUC .87). Use --by patient for figures" +
  ' that hold for new patients.';

/** Splits at random by cell, each label alike. It leaks: show `leakWarning` with it. */
export function splitByCell(cells: readonly Cell[], options: { seed: number; ratio?: Ratio }): SplitRow[] {
  const [train, val] = fractions(options.ratio ?? [80, 10, 10]);
  const random = pythonRandom(options.seed);
  const partOf = new Map<Cell, Part>();
  for (const label of ['parasitized', 'uninfected'] as const) {
    const shuffled = random.shuffle(cells.filter((cell) => cell.label === label));
    const endOfTrain = Math.round(shuffled.length * train);
    const endOfVal = Math.round(shuffled.length * (train + val));
    for (const [i, cell] of shuffled.entries())
      partOf.set(cell, i < endOfTrain ? 'train' : i < endOfVal ? 'val' : 'test');
  }
  return splitRows(cells, (cell) => partOf.get(cell) ?? 'test');
}
