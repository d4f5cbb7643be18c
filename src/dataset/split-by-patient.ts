import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from './cell.ts';
import { type PythonRandom, pythonRandom } from './python-random.ts';
import { fractions, type Part, parts, type Ratio, type SplitRow, splitRows } from './split.ts';

/** Draws to choose from: enough that the shares of cells come within about a point on the NIH set. */
const draws = 500;

/** How many cells of each label a patient has. */
export interface PatientCount {
  readonly name: string;
  readonly parasitized: number;
  readonly uninfected: number;
}

/**
 * Splits by patient: no patient is in two parts. The shares are those of patients, of healthy ones (no parasitized cell)
 * and infected ones alike; of 500 draws by the seed, the one is taken whose parts come nearest to the same shares of
 * parasitized and of uninfected cells.
 *
 * @throws GiemsaError `unknown-patient` or `too-few-patients`.
 */
export function splitByPatient(cells: readonly Cell[], options: { seed: number; ratio?: Ratio }): SplitRow[] {
  const ratio = options.ratio ?? [80, 10, 10];
  const partOf = assignPatients(cells, ratio, options.seed);
  const filled = new Set(partOf.values());
  const empty = parts.find((part, p) => ratio[p] > 0 && !filled.has(part));
  if (empty) {
    throw new GiemsaError(
      'too-few-patients',
      `${partOf.size} patients leave the part ${empty} of a split ${ratio.join('/')} empty, for infected and healthy ones are` +
        ' dealt out apart: add patients, ask for fewer parts with dataset split --ratio, or split by cell',
    );
  }
  return splitRows(cells, (cell) => partOf.get(cell.patient) ?? 'train');
}

/** The part of each patient (see `splitByPatient`). */
export function assignPatients(cells: readonly Cell[], ratio: Ratio, seed: number): Map<string, Part> {
  const shares = fractions(ratio);
  const patients = countPatients(cells);
  const wanted = shares.filter((share) => share > 0).length;
  if (patients.length < wanted) {
    throw new GiemsaError(
      'too-few-patients',
      `${patients.length} patients cannot fill ${wanted} parts: add patients, or split by cell`,
    );
  }
  const random = pythonRandom(seed);
  const groups = [patients.filter((p) => p.parasitized > 0), patients.filter((p) => p.parasitized === 0)];
  let best: Map<string, Part> = new Map();
  let least = Number.POSITIVE_INFINITY;
  for (let draw = 0; draw < draws; draw++) {
    const partOf = new Map(groups.flatMap((group) => assignGroup(group, shares, random)));
    const imbalance = imbalanceOf(patients, partOf, shares);
    if (imbalance < least) {
      least = imbalance;
      best = partOf;
    }
  }
  return best;
}

/**
 * Counts the cells of each patient; sorted by name, so that the order in which cells come changes nothing.
 * @throws GiemsaError `unknown-patient`
 */
export function countPatients(cells: readonly Cell[]): PatientCount[] {
  const counts = new Map<string, { parasitized: number; uninfected: number }>();
  for (const cell of cells) {
    if (cell.patient === '') {
      throw new GiemsaError(
        'unknown-patient',
        `the patient of ${cell.name} is not known, so a split by patient cannot be made: give a CSV of image and` +
          ' patient with --patients, or use --by cell (which leaks)',
      );
    }
    const count = counts.get(cell.patient) ?? { parasitized: 0, uninfected: 0 };
    count[cell.label]++;
    counts.set(cell.patient, count);
  }
  return [...counts].map(([name, count]) => ({ name, ...count })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A shuffled group cut at its shares, rounded, with at least one patient for every part while they last. */
function assignGroup(
  group: readonly PatientCount[],
  shares: readonly number[],
  random: PythonRandom,
): [string, Part][] {
  const counts = shares.map((share) => Math.round(share * group.length));
  for (const p of [1, 2]) if (shares[p] > 0 && counts[p] === 0 && group.length > p) counts[p] = 1;
  const endOfTest = counts[2];
  const endOfVal = endOfTest + counts[1];
  return random
    .shuffle([...group])
    .map(({ name }, i) => [name, i < endOfTest ? 'test' : i < endOfVal ? 'val' : 'train'] as [string, Part]);
}

/** Sum of the squared differences between the shares of cells and those wished for, by part and label. */
function imbalanceOf(
  patients: readonly PatientCount[],
  partOf: ReadonlyMap<string, Part>,
  shares: readonly number[],
): number {
  let sum = 0;
  for (const label of ['parasitized', 'uninfected'] as const) {
    const total = patients.reduce((n, patient) => n + patient[label], 0) || 1;
    for (const [p, part] of parts.entries()) {
      const inPart = patients.reduce(
        (n, patient) => n + (partOf.get(patient.name) === part ? patient[label] : 0),
        0,
      );
      sum += (inPart / total - shares[p]) ** 2;
    }
  }
  return sum;
}
