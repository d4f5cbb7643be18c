import { GiemsaError, inFile } from '../cells/errors.ts';
import type { Cell } from './cell.ts';
import { readCsvRecords } from './csv.ts';

export type LabelSet = 'published' | 'relabelled' | 'dropped';

/** A second opinion on a cell's published label. */
export interface ReviewRow {
  readonly name: string;
  readonly label: string;
  readonly review: 'agrees' | 'disagrees';
}

/**
 * Reads a CSV with the columns `name,label,review`; review is `agrees` or `disagrees`.
 *
 * @throws GiemsaError `bad-csv` naming the row; `bad-review` when it names none of the cells
 */
export async function readReview(
  path: string,
  cells: readonly Pick<Cell, 'name' | 'label'>[],
): Promise<ReviewRow[]> {
  const records = await readCsvRecords(path, ['name', 'label', 'review']);
  const rows = records.map(({ name, label, review }, i): ReviewRow => {
    if (review !== 'agrees' && review !== 'disagrees') {
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: review must be agrees or disagrees. Received: ${review}`,
      );
    }
    return { name, label, review };
  });
  return inFile(path, () => {
    checkReview(cells, rows);
    return rows;
  });
}

/** @throws GiemsaError `bad-review` when it names none of the cells */
export function checkReview(
  cells: readonly Pick<Cell, 'name' | 'label'>[],
  review: readonly Pick<ReviewRow, 'name' | 'label'>[],
): void {
  const reviewed = new Set(review.map(keyOf));
  if (cells.some((cell) => reviewed.has(keyOf(cell)))) return;
  throw new GiemsaError('bad-review', 'the review names none of these cells: is it for another data set?');
}

/**
 * The cells under another set of labels. `relabelled`: the published label is flipped where the review disagrees, but
 * cells of healthy patients (no cell published as parasitized) stay uninfected; `dropped`: those with which the review
 * disagrees are left out, of all patients. Cells that the review does not name keep their label.
 *
 * @throws GiemsaError `bad-review` when the review names none of the cells.
 */
export function applyLabelSet<C extends Pick<Cell, 'name' | 'label' | 'patient'>>(
  cells: readonly C[],
  set: LabelSet,
  review: readonly ReviewRow[],
): C[] {
  if (set === 'published') return [...cells];
  const reviewed = new Map(review.map((row) => [keyOf(row), row.review]));
  const opinion = (cell: C) => reviewed.get(keyOf(cell));
  checkReview(cells, review);
  if (set === 'dropped') return cells.filter((cell) => opinion(cell) !== 'disagrees');
  const infected = infectedPatients(cells);
  return cells.map((cell) =>
    opinion(cell) === 'disagrees' && infected.has(cell.patient)
      ? { ...cell, label: cell.label === 'parasitized' ? 'uninfected' : 'parasitized' }
      : cell,
  );
}

/** Cells that the review calls parasitized although their patient is healthy: surely uninfected, and hard to tell. Unknown patients have none. */
export function hardNegatives<C extends Pick<Cell, 'name' | 'label' | 'patient'>>(
  cells: readonly C[],
  review: readonly ReviewRow[],
): C[] {
  const doubted = new Set(review.flatMap((row) => (row.review === 'disagrees' ? [keyOf(row)] : [])));
  const infected = infectedPatients(cells);
  return cells.filter(
    (cell) => doubted.has(keyOf(cell)) && cell.patient !== '' && !infected.has(cell.patient),
  );
}

function infectedPatients(cells: readonly Pick<Cell, 'label' | 'patient'>[]): Set<string> {
  return new Set(cells.filter((cell) => cell.label === 'parasitized').map((cell) => cell.patient));
}

/**
 * Predictions under the labels of a second opinion. Whether a patient is healthy, all cells say, also those that are not predicted.
 *
 * @param key tells which cell a prediction is of: by published label and name, where nothing better is known
 * @throws GiemsaError `bad-review` when the review names none of the cells
 */
export function underReview<
  C extends Pick<Cell, 'name' | 'label' | 'patient'>,
  P extends Pick<Cell, 'name' | 'label'>,
>(
  cells: readonly C[],
  predictions: readonly P[],
  review: readonly ReviewRow[],
  key: (row: C | P) => string = keyOf,
): Record<Exclude<LabelSet, 'published'>, P[]> {
  const keyed = cells.map((cell) => ({ ...cell, key: key(cell) }));
  const under = (set: LabelSet) => {
    const labels = new Map(applyLabelSet(keyed, set, review).map((cell) => [cell.key, cell.label]));
    return predictions.flatMap((row) => {
      const label = labels.get(key(row));
      return label === undefined ? [] : [{ ...row, label }];
    });
  };
  return { relabelled: under('relabelled'), dropped: under('dropped') };
}

function keyOf({ label, name }: { readonly label: string; readonly name: string }): string {
  return `${label}/${name}`;
}
