import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from './cell.ts';
import { readCsvRecords } from './csv.ts';
import { type SplitRow, splitRows } from './split.ts';
import { assignPatients } from './split-by-patient.ts';

/** Reads the fold of each patient from a CSV with the columns `patient` and `fold` (others are left out). */
export async function readFolds(path: string): Promise<Map<string, number>> {
  const folds = new Map<string, number>();
  for (const [i, { patient, fold }] of (await readCsvRecords(path, ['patient', 'fold'])).entries()) {
    const where = `${path}, row ${i + 2}`;
    if (!/^\d+$/.test(fold))
      throw new GiemsaError('bad-csv', `${where}: a fold is a whole number. Received: ${fold}`);
    if (folds.has(patient)) throw new GiemsaError('bad-csv', `${where}: patient ${patient} is there twice`);
    folds.set(patient, Number(fold));
  }
  return folds;
}

export interface FoldsOptions {
  /** The fold whose patients are the test part. */
  readonly test: number;
  /** The folds to train on. */
  readonly train: readonly number[];
  readonly seed: number;
  /** Share of the training folds' patients that become the validation part; default 0.1. */
  readonly validation?: number;
}

/**
 * A split by given folds of patients: one fold to test, others to train, the validation patients drawn by the seed
 * from the training folds (as in `splitByPatient`). Cells of other folds are in no part.
 */
export function foldsToSplit(
  cells: readonly Cell[],
  folds: ReadonlyMap<string, number>,
  options: FoldsOptions,
): SplitRow[] {
  const { test, train, seed, validation = 0.1 } = options;
  if (train.includes(test))
    throw new GiemsaError('bad-folds', `fold ${test} cannot be both test and training`);
  const foldOf = (cell: Cell) => {
    const fold = folds.get(cell.patient);
    if (fold === undefined) {
      throw new GiemsaError(
        'unknown-patient',
        `no fold is given for patient "${cell.patient}" of ${cell.name}`,
      );
    }
    return fold;
  };
  const used = cells.filter((cell) => foldOf(cell) === test || train.includes(foldOf(cell)));
  const training = used.filter((cell) => foldOf(cell) !== test);
  if (training.length === 0 || training.length === used.length) {
    throw new GiemsaError(
      'bad-folds',
      `no cells in fold ${test} or in the training folds ${train.join(', ')}`,
    );
  }
  const partOf = assignPatients(training, [1 - validation, validation, 0], seed);
  return splitRows(used, (cell) => partOf.get(cell.patient) ?? 'test');
}
