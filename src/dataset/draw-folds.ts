import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from './cell.ts';
import { type PythonRandom, pythonRandom } from './python-random.ts';
import { countPatients, type PatientCount } from './split-by-patient.ts';

/** Draws to choose from. */
const draws = 500;

/**
 * Draws folds of patients: each patient is in one fold, and infected patients, healthy ones (no parasitized cell) and
 * cells of either label are shared out evenly. Patients are dealt in order of their number of cells, `folds` at a time,
 * so that the few with very many cells do not meet in one fold; of 500 deals by the seed, the most even one is taken.
 *
 * @returns the fold of each patient, from 0, by name
 * @throws GiemsaError `unknown-patient`, or `too-few-patients` where a fold would have no infected one
 */
export function drawFolds(
  cells: readonly Cell[],
  options: { readonly folds: number; readonly seed: number },
): Map<string, number> {
  const { folds, seed } = options;
  const patients = countPatients(cells);
  const infected = patients.filter(({ parasitized }) => parasitized > 0);
  const healthy = patients.filter(({ parasitized }) => parasitized === 0);
  if (infected.length < folds) {
    throw new GiemsaError(
      'too-few-patients',
      `${folds} folds need ${folds} patients with parasitized cells; the data have ${infected.length}`,
    );
  }
  infected.sort((a, b) => b.parasitized - a.parasitized);
  healthy.sort((a, b) => b.uninfected - a.uninfected);
  const random = pythonRandom(seed);
  let best = new Map<string, number>();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < draws; i++) {
    const foldOf = new Map([...deal(infected, folds, random), ...deal(healthy, folds, random)]);
    const unevenness = unevennessOf(patients, foldOf, folds);
    if (unevenness < least) {
      least = unevenness;
      best = foldOf;
    }
  }
  return new Map([...best].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One patient to each fold, in a new order each time round. */
function deal(patients: readonly PatientCount[], folds: number, random: PythonRandom): [string, number][] {
  let round: number[] = [];
  return patients.map(({ name }, i) => {
    if (i % folds === 0) round = random.shuffle(Array.from({ length: folds }, (_, fold) => fold));
    return [name, round[i % folds]];
  });
}

/** Sum of the squared differences between the folds' shares of cells and equal ones, by label. */
function unevennessOf(
  patients: readonly PatientCount[],
  foldOf: ReadonlyMap<string, number>,
  folds: number,
): number {
  let sum = 0;
  for (const label of ['parasitized', 'uninfected'] as const) {
    const counts = new Array<number>(folds).fill(0);
    for (const patient of patients) counts[foldOf.get(patient.name) ?? 0] += patient[label];
    const total = counts.reduce((a, b) => a + b) || 1;
    for (const count of counts) sum += (count / total - 1 / folds) ** 2;
  }
  return sum;
}
