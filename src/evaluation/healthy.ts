import { type BootstrapOptions, leftOutByResamples, resampleWeights } from './bootstrap.ts';
import { type FalseCallRate, falseCallRate, RED_CELLS_PER_MICROLITRE, rateOf } from './false-calls.ts';
import type { IntervalResult } from './intervals.ts';
import { curveOf } from './operating-points.ts';
import type { PredictionRow } from './prediction.ts';
import { thresholdForSensitivity } from './thresholds.ts';
import { type Units, unitsOf } from './units.ts';

/** Sensitivities at which the noise floor is given. */
const SENSITIVITIES = [0.8, 0.9, 0.95, 0.97, 0.98, 0.99];

/**
 * The rate at the highest threshold that finds this share of the parasitized cells: read off the evaluated cells, not chosen before,
 * and anew off those of each resample, so that the interval has what the threshold owes to chance.
 */
export interface FalseCallsAt extends FalseCallRate {
  readonly sensitivity: number;
  readonly threshold: number;
}

/** False parasitized calls on cells of healthy patients (none of whose cells is parasitized, as published): the noise floor. */
export interface HealthyFigures extends FalseCallRate {
  readonly patients: number;
  readonly cells: number;
  readonly falseCalls: number;
  readonly redCellsPerMicrolitre: typeof RED_CELLS_PER_MICROLITRE;
  /** Empty where no cell is parasitized. */
  readonly atSensitivity: readonly FalseCallsAt[];
}

/** Null without healthy patients. */
export function healthyFigures(
  predictions: readonly PredictionRow[],
  healthy: ReadonlySet<string>,
  threshold: number,
  rate: IntervalResult['healthyRate'],
  options: BootstrapOptions = {},
): HealthyFigures | null {
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0 || rate === null) return null;
  const called = rows.filter(({ probability }) => probability >= threshold).length;
  return {
    patients: new Set(rows.map(({ patient }) => patient)).size,
    cells: rows.length,
    falseCalls: called,
    ...falseCallRate({ share: called / rows.length, ...rate }),
    redCellsPerMicrolitre: RED_CELLS_PER_MICROLITRE,
    atSensitivity: healthyCurve(predictions, healthy, SENSITIVITIES, options),
  };
}

/** False calls on healthy blood where a share of the parasitized cells is found, for each share that a threshold reaches. */
export function healthyCurve(
  predictions: readonly PredictionRow[],
  healthy: ReadonlySet<string>,
  sensitivities: readonly number[],
  options: BootstrapOptions = {},
): FalseCallsAt[] {
  const curve = curveOf(predictions);
  const points = sensitivities.flatMap((sensitivity) => {
    const threshold = thresholdForSensitivity(curve, sensitivity);
    return threshold === null ? [] : [{ sensitivity, threshold }];
  });
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0) return [];
  const units = unitsOf(predictions, healthy);
  const sharesOf = sharesAt(
    units,
    points.map(({ sensitivity }) => sensitivity),
  );
  const drawn = Array.from(resampleWeights(units, options), sharesOf);
  return points.map((point, i) => {
    const calls = rows.filter(({ probability }) => probability >= point.threshold).length;
    const resampled = drawn.map((shares) => shares[i]);
    const leftOut =
      units.unit === 'patient'
        ? leftOutByResamples(units, calls / rows.length, resampled, options)
        : undefined;
    return { ...point, ...rateOf(units, { calls, cells: rows.length, resampled, leftOut }) };
  });
}

/**
 * The share of healthy patients' cells that is called where each share of the parasitized cells is found, in any order, as a
 * function of the units' weights; NaN where these have no such cells.
 */
export function sharesAt(
  { unitOf, labels, lastOfScore, healthy }: Units,
  sensitivities: readonly number[],
): (weights: Float64Array) => number[] {
  const ascending = [...sensitivities.keys()].sort((a, b) => sensitivities[a] - sensitivities[b]);
  return (weights) => {
    let [parasitized, cells] = [0, 0];
    for (let i = 0; i < unitOf.length; i++) {
      if (labels[i] === 1) parasitized += weights[unitOf[i]];
      if (healthy[i] === 1) cells += weights[unitOf[i]];
    }
    const shares = new Array<number>(sensitivities.length).fill(Number.NaN);
    if (parasitized === 0 || cells === 0) return shares;
    let [found, called, next] = [0, 0, 0];
    for (let i = 0; i < unitOf.length && next < ascending.length; i++) {
      if (labels[i] === 1) found += weights[unitOf[i]];
      if (healthy[i] === 1) called += weights[unitOf[i]];
      if (lastOfScore[i] === 0) continue;
      while (next < ascending.length && found / parasitized >= sensitivities[ascending[next]]) {
        shares[ascending[next++]] = called / cells;
      }
    }
    return shares;
  };
}
