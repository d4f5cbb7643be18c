import { GiemsaError } from '../cells/errors.ts';
import type { Cell, Label } from '../dataset/cell.ts';
import type { SplitRow } from '../dataset/split.ts';
import { LEAKS } from '../evaluation/evaluate.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** The cells of a run by part; a cell's number is its line in the split. */
export interface RunParts {
  /** 1 parasitized, 0 uninfected, in the label set trained on; by number. */
  readonly targets: Uint8Array;
  /** How much each cell counts in the loss, by number; where left out, all count 1. */
  readonly sampleWeights?: Float32Array;
  /** Numbers of the cells to train on, and to validate on while training. */
  readonly train: Uint32Array;
  readonly val: Uint32Array;
  /** Numbers of the cells predicted at the end: all readable ones of the parts val and test. */
  readonly predicted: Uint32Array;
}

/**
 * Finds the cell of every line of a split, by label and name.
 * @throws GiemsaError `split-mismatch` naming a line whose cell is not in the data
 */
export function cellsOfSplit(cells: readonly Cell[], split: readonly SplitRow[]): Cell[] {
  const byName = byLabelAndName(cells);
  return split.map((row) => {
    const cell = byName.get(`${row.label}/${row.name}`);
    if (cell) return cell;
    throw new GiemsaError(
      'split-mismatch',
      `the split has a cell ${row.label}/${row.name} that is not in the data, or is no file there: was it made for another data set?`,
    );
  });
}

/**
 * The split with the patients that the data set knows; its own column counts for the other cells only. Lines without a
 * cell stay as they are.
 * @throws GiemsaError `split-mismatch` naming a cell that is of another patient in the data set
 */
export function withPatients(cells: readonly Cell[], split: readonly SplitRow[]): SplitRow[] {
  const byName = byLabelAndName(cells);
  return split.map((row) => {
    const known = byName.get(`${row.label}/${row.name}`)?.patient ?? '';
    if (known === '' || known === row.patient) return row;
    if (row.patient === '') return { ...row, patient: known };
    throw new GiemsaError(
      'split-mismatch',
      `the split gives the cell ${row.label}/${row.name} the patient ${row.patient}, but in the data it is one of ${known}.` +
        ' Correct the column patient of the split, or leave it empty; where the data are wrong, give --patients.',
    );
  });
}

/** The cells with the patients that a split (as of `withPatients`) knows where the data set knows none. */
export function patientsFromSplit(cells: readonly Cell[], split: readonly SplitRow[]): Cell[] {
  const patients = new Map(split.map(({ label, name, patient }) => [`${label}/${name}`, patient]));
  return cells.map((cell) =>
    cell.patient === '' ? { ...cell, patient: patients.get(`${cell.label}/${cell.name}`) ?? '' } : cell,
  );
}

function byLabelAndName(cells: readonly Cell[]): Map<string, Cell> {
  return new Map(cells.map((cell) => [`${cell.label}/${cell.name}`, cell]));
}

/**
 * Puts numbered cells into their parts.
 * @param trainingLabels label by path, in the label set that is trained on; cells it lacks are neither trained on nor validated
 * @param unreadable paths of cells to leave out of everything
 */
export function partsOf(
  cells: readonly Cell[],
  rows: readonly SplitRow[],
  trainingLabels: ReadonlyMap<string, Label>,
  unreadable: ReadonlySet<string>,
): RunParts {
  const numbersOf = (part: SplitRow['part']) =>
    [...rows.keys()].filter((i) => rows[i].part === part && !unreadable.has(cells[i].path));
  const labelled = (numbers: readonly number[]) =>
    Uint32Array.from(numbers.filter((i) => trainingLabels.has(cells[i].path)));
  return {
    targets: Uint8Array.from(cells, ({ path }) => (trainingLabels.get(path) === 'parasitized' ? 1 : 0)),
    train: labelled(numbersOf('train')),
    val: labelled(numbersOf('val')),
    predicted: Uint32Array.from([...numbersOf('val'), ...numbersOf('test')]),
  };
}

/** Where the cells of `val` stand in `predicted`. */
export function placesOfVal({ val, predicted }: RunParts): number[] {
  const places = new Map([...predicted].map((number, i) => [number, i]));
  return Array.from(val, (number) => places.get(number) as number);
}

/** How many of the cells of these numbers are parasitized, in the labels trained on. */
export function countParasitized(targets: Uint8Array, numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + targets[number], 0);
}

/** @throws GiemsaError `one-label` where a part that is trained on, or chosen on, lacks one of the labels */
export function checkParts(recipe: Recipe, { targets, train, val }: RunParts): void {
  const { keep, earlyStopping } = recipe.training;
  const choosesOnVal = keep !== 'last' || earlyStopping !== undefined;
  for (const [part, numbers] of Object.entries({ train, val: choosesOnVal ? val : undefined })) {
    if (!numbers) continue;
    const parasitized = countParasitized(targets, numbers);
    if (parasitized > 0 && parasitized < numbers.length) continue;
    throw new GiemsaError(
      'one-label',
      `the split's part ${part} needs cells of both labels; it has ${parasitized} parasitized and ${numbers.length - parasitized} uninfected ones`,
    );
  }
}

/** Patients with cells in more than one part, in the order of the split (as of `withPatients`). */
export function patientsInTwoParts(split: readonly SplitRow[]): string[] {
  const parts = new Map<string, Set<string>>();
  for (const { patient, part } of split) {
    if (patient !== '') parts.set(patient, (parts.get(patient) ?? new Set()).add(part));
  }
  return [...parts].filter(([, own]) => own.size > 1).map(([patient]) => patient);
}

/** What a split (as of `withPatients`) does with patients, as it stands beside every figure. */
export function protocolOf(split: readonly SplitRow[]): string {
  if (split.some(({ patient }) => patient === '')) return 'patients unknown';
  return patientsInTwoParts(split).length > 0 ? LEAKS : 'patient-disjoint';
}
