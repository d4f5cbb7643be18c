import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Units } from './units.ts';

export interface BootstrapOptions {
  /** How many; 2,000 where missing. */
  readonly resamples?: number;
  /** The same seed gives the same resamples; 1 where missing. */
  readonly seed?: number;
}

/**
 * Bootstrap resamples of patients (Efron and Tibshirani 1993, for clusters Field and Welsh 2007): as many patients of each
 * stratum as there are, drawn with replacement, each with all its cells.
 *
 * @returns for each resample how often every unit was drawn, by its number; the same array again and again
 */
export function* resampleWeights(
  { count, strata }: Pick<Units, 'count' | 'strata'>,
  { resamples = 2000, seed = 1 }: BootstrapOptions = {},
): Generator<Float64Array> {
  const random = xoroshiro128plus(seed);
  const weights = new Float64Array(count);
  for (let b = 0; b < resamples; b++) {
    weights.fill(0);
    for (const units of strata) {
      for (let i = 0; i < units.length; i++) weights[units[uniformInt(random, 0, units.length - 1)]]++;
    }
    yield weights;
  }
}

/** As `resampleWeights`: all units but one, for each unit in turn (jackknife). */
export function* leaveOneOutWeights({ count }: Pick<Units, 'count'>): Generator<Float64Array> {
  const weights = new Float64Array(count).fill(1);
  for (let i = 0; i < count; i++) {
    weights[i] = 0;
    yield weights;
    weights[i] = 1;
  }
}

/**
 * What a figure would be without each unit, told from its resamples: less the covariance of the figure with how often the unit was drawn
 * (the infinitesimal jackknife; Efron 2014, doi:10.1080/01621459.2013.823775). For figures that jump where a threshold does: really left
 * out, most units change nothing, and a few all.
 *
 * @param estimate of all units
 * @param resampled the figure in each resample of the same options; NaN where it is not defined
 * @returns by the number of the unit
 */
export function leftOutByResamples(
  units: Pick<Units, 'count' | 'strata'>,
  estimate: number,
  resampled: readonly number[],
  options: BootstrapOptions = {},
): Float64Array {
  const defined = resampled.filter(Number.isFinite);
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  const leftOut = new Float64Array(units.count).fill(estimate);
  let b = 0;
  for (const weights of resampleWeights(units, options)) {
    const difference = resampled[b++] - mean;
    if (!Number.isFinite(difference)) continue;
    for (let i = 0; i < leftOut.length; i++) leftOut[i] -= ((weights[i] - 1) * difference) / defined.length;
  }
  return leftOut;
}
