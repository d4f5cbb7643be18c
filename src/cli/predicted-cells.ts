import { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import type { Cell } from '../dataset/cell.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import type { PredictionRow } from '../evaluation/prediction.ts';

type Named = Pick<PredictionRow, 'label' | 'name'>;

/**
 * Finds the cells of predictions among the data.
 *
 * @param path of the data, as given
 * @returns throws GiemsaError `data-mismatch` for a cell that the data lack
 */
export function cellFinder(dataset: Dataset, path: string): (row: Named) => Cell {
  const cells = new Map(dataset.cells.map((cell) => [`${cell.label}/${cell.name}`, cell]));
  return ({ label, name }) => {
    const cell = cells.get(`${label}/${name}`);
    if (cell) return cell;
    throw new GiemsaError(
      'data-mismatch',
      `${path} has no cell ${label}/${name}, which was predicted: give the data of the predictions`,
    );
  };
}

/** Rows with the images of their cells; those that cannot be read are named and left out. */
export async function withImages<Row extends Named>(
  rows: readonly Row[],
  cellOf: (row: Row) => Cell,
  onUnreadable: (path: string, reason: string) => void,
): Promise<(Row & { readonly image: CellImage })[]> {
  async function* inputs() {
    for (const row of rows) {
      const cell = cellOf(row);
      yield { row, path: cell.path, read: cell.read };
    }
  }
  const found = [];
  for await (const { input, image } of decodeAhead(inputs(), 1)) {
    if (image instanceof GiemsaError) onUnreadable(input.path, image.message);
    else found.push({ ...input.row, image });
  }
  return found;
}
