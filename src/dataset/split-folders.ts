import { GiemsaError } from '../cells/errors.ts';
import type { Cell, Label } from './cell.ts';
import { pythonRandom } from './python-random.ts';
import { fractions, type Part, type Ratio, type SplitRow, splitRows } from './split.ts';
import { byCodePoint } from './stored-file.ts';

export interface SplitFoldersOptions {
  readonly seed: number;
  /** Default 80/10/10. */
  readonly ratio?: Ratio;
  /** Files of the label folders that are not cells: Python shuffles them along (see `Dataset.otherNames`). */
  readonly otherNames?: Readonly<Record<Label, readonly string[]>>;
  /** Puts a `Thumbs.db` into each label folder, for a copy of the data set that lost it. */
  readonly withThumbsDb?: boolean;
}

/**
 * The split of Python's split-folders (`splitfolders.ratio`), bit for bit: for each label anew, all files of the folder
 * but dot files are sorted by code point and shuffled by CPython's generator; the first int(.8 n) are for training, the
 * next int(.1 n) for validation. It puts cells of one patient into all parts.
 */
export function splitFolders(cells: readonly Cell[], options: SplitFoldersOptions): SplitRow[] {
  const [train, val] = fractions(options.ratio ?? [80, 10, 10]);
  const partOf = new Map<string, Part>();
  for (const label of ['parasitized', 'uninfected'] as const) {
    const others = options.otherNames?.[label] ?? [];
    const names = [...cells.filter((cell) => cell.label === label).map((cell) => cell.name), ...others];
    if (options.withThumbsDb) {
      if (others.some((name) => name === 'Thumbs.db')) {
        throw new GiemsaError(
          'thumbs-db-there',
          'the folder holds Thumbs.db, which counts as it is: leave out --with-thumbs-db',
        );
      }
      names.push('Thumbs.db');
    }
    const shuffled = pythonRandom(options.seed).shuffle(names.sort(byCodePoint));
    const endOfTrain = Math.trunc(shuffled.length * train);
    const endOfVal = endOfTrain + Math.trunc(shuffled.length * val);
    for (const [i, name] of shuffled.entries()) {
      partOf.set(`${label}/${name}`, i < endOfTrain ? 'train' : i < endOfVal ? 'val' : 'test');
    }
  }
  return splitRows(cells, (cell) => partOf.get(`${cell.label}/${cell.name}`) ?? 'test');
}
