import { type BootstrapOptions, leaveOneOutWeights, resampleWeights } from './bootstrap.ts';
import { binomialInterval, shareInterval } from './interval.ts';
import type { PredictionRow } from './prediction.ts';
import { type Units, unitsOf } from './units.ts';

/** Red cells in a microlitre of blood: the count at which rates are given (WHO uses 5 million for a man). */
export const RED_CELLS_PER_MICROLITRE = 5_000_000;

/** How often cells of healthy patients are called parasitized. */
export interface FalseCallRate {
  /** False calls in 1,000 cells; its 95 % interval; its one-sided 95 % upper bound. */
  readonly per1000: number;
  readonly interval: readonly [number, number];
  readonly upper: number;
  /** Parasites a microlitre that a clean slide would read as, at five million red cells; at the upper bound. */
  readonly perMicrolitre: number;
  readonly upperPerMicrolitre: number;
}

export interface FalseCalls extends FalseCallRate {
  /** Cells of healthy patients, and those of them that are called. */
  readonly cells: number;
  readonly falseCalls: number;
}

/**
 * False calls by each of several ways of calling, over the same resamples of patients as all other intervals. Empty without
 * healthy patients.
 */
export function falseCalls(
  predictions: readonly PredictionRow[],
  healthy: ReadonlySet<string>,
  ways: readonly ((prediction: PredictionRow) => boolean)[],
  options: BootstrapOptions = {},
): FalseCalls[] {
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0) return [];
  const units = unitsOf(predictions, healthy);
  const numbers = new Map(units.names.map((name, i) => [name, i]));
  const unitOf = ({ name, label, patient }: PredictionRow) =>
    numbers.get(units.unit === 'patient' ? patient : `${label}/${name}`) ?? 0;
  const countsOf = (counted: readonly PredictionRow[]) => {
    const counts = new Float64Array(units.count);
    for (const row of counted) counts[unitOf(row)]++;
    return counts;
  };
  const cells = countsOf(rows);
  const called = ways.map((isCalled) => rows.filter(isCalled));
  const calls = called.map(countsOf);
  const sharesOf = (weights: Float64Array) => {
    const all = weightedSum(weights, cells);
    return calls.map((counts) => weightedSum(weights, counts) / all);
  };
  const resampled = Array.from(resampleWeights(units, options), sharesOf);
  // As for all figures: each of many thousand cells matters alike, and none is left out.
  const leftOut = units.unit === 'patient' ? Array.from(leaveOneOutWeights(units), sharesOf) : undefined;
  return called.map(({ length: calls }, way) => ({
    cells: rows.length,
    falseCalls: calls,
    ...rateOf(units, {
      calls,
      cells: rows.length,
      resampled: resampled.map((shares) => shares[way]),
      leftOut: leftOut?.map((shares) => shares[way]),
    }),
  }));
}

export interface CountedCalls {
  readonly calls: number;
  readonly cells: number;
  /** The share of the cells that is called in each resample; NaN where it is not defined. */
  readonly resampled: readonly number[];
  /** The same without each unit; undefined where there are too many for it to matter. */
  readonly leftOut: ArrayLike<number> | undefined;
}

/** The rate with its intervals over the units. */
export function rateOf({ strata }: Units, { calls, cells, resampled, leftOut }: CountedCalls): FalseCallRate {
  const input = {
    estimate: calls / cells,
    resampled,
    leftOut: leftOut ? strata.map((stratum) => Array.from(stratum, (unit) => leftOut[unit])) : [],
    cells,
  };
  const at = (level: number) => shareInterval(input, level) ?? binomialInterval(calls, cells, level);
  return falseCallRate({ share: input.estimate, interval: at(0.95), upper: at(0.9)[1] });
}

export function falseCallRate(rate: {
  readonly share: number;
  readonly interval: readonly [number, number];
  readonly upper: number;
}): FalseCallRate {
  const { share, interval, upper } = rate;
  return {
    per1000: 1000 * share,
    interval: [1000 * interval[0], 1000 * interval[1]],
    upper: 1000 * upper,
    perMicrolitre: RED_CELLS_PER_MICROLITRE * share,
    upperPerMicrolitre: RED_CELLS_PER_MICROLITRE * upper,
  };
}

function weightedSum(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * values[i];
  return sum;
}
