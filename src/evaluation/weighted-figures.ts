import { ECE_BINS, thresholdMetrics } from './metrics.ts';
import type { Units } from './units.ts';

/** Figures that have an interval. */
export const INTERVAL_NAMES = [
  'rocAuc',
  'prAuc',
  'accuracy',
  'balancedAccuracy',
  'sensitivity',
  'specificity',
  'ppv',
  'npv',
  'f1',
  'mcc',
  'brier',
  'ece',
] as const;
export type IntervalName = (typeof INTERVAL_NAMES)[number];

/** The figures of a resample; NaN where its cells do not define one. `healthyRate`: false calls a cell of healthy patients. */
export type WeightedFigures = Record<IntervalName | 'healthyRate', number>;

/**
 * The figures of `evaluate` where every unit counts as often as its weight says: what depends on the ranking in one pass
 * over the ranked cells, all else from sums by unit.
 *
 * @returns a function of the weights, by number of the unit
 */
export function weightedFigures(units: Units, threshold: number): (weights: Float64Array) => WeightedFigures {
  const sums = sumsByUnit(units, threshold);
  return (weights) => {
    const [tp, fn, tn, fp, squaredError, healthyCells, healthyCalls, ...excess] = weightedSums(sums, weights);
    const cells = tp + fn + tn + fp;
    const { counts: _counts, ...atThreshold } = thresholdMetrics({ tp, fn, tn, fp });
    const absolute = excess.reduce((sum, value) => sum + Math.abs(value), 0);
    return {
      ...ranking(units, weights, tp + fn, tn + fp),
      accuracy: atThreshold.accuracy ?? Number.NaN,
      balancedAccuracy: atThreshold.balancedAccuracy ?? Number.NaN,
      sensitivity: atThreshold.sensitivity ?? Number.NaN,
      specificity: atThreshold.specificity ?? Number.NaN,
      ppv: atThreshold.ppv ?? Number.NaN,
      npv: atThreshold.npv ?? Number.NaN,
      f1: atThreshold.f1 ?? Number.NaN,
      mcc: atThreshold.mcc ?? Number.NaN,
      brier: squaredError / cells,
      ece: absolute / cells,
      healthyRate: healthyCalls / healthyCells,
    };
  };
}

/** ROC AUC and average precision, as in metrics.ts, cells of the same score coming in together. */
function ranking(
  { unitOf, labels, lastOfScore }: Units,
  weights: Float64Array,
  positives: number,
  negatives: number,
): { rocAuc: number; prAuc: number } {
  let twice = 0;
  let precision = 0;
  let tp = 0;
  let fp = 0;
  let earlierTp = 0;
  let earlierFp = 0;
  for (let i = 0; i < unitOf.length; i++) {
    const weight = weights[unitOf[i]];
    if (labels[i] === 1) tp += weight;
    else fp += weight;
    if (lastOfScore[i] === 0) continue;
    twice += (fp - earlierFp) * (tp + earlierTp);
    if (tp !== earlierTp) precision += ((tp - earlierTp) * tp) / (tp + fp);
    earlierTp = tp;
    earlierFp = fp;
  }
  return { rocAuc: twice / (2 * positives * negatives), prAuc: precision / positives };
}

const SUMS = 7 + ECE_BINS;

/** By unit: tp, fn, tn, fp, sum of squared errors, healthy patients' cells and those called parasitized, excess by bin of the ECE. */
function sumsByUnit(
  { count, unitOf, labels, probabilities, healthy }: Units,
  threshold: number,
): Float64Array {
  const sums = new Float64Array(count * SUMS);
  for (let i = 0; i < unitOf.length; i++) {
    const at = unitOf[i] * SUMS;
    const called = probabilities[i] >= threshold;
    const bin = Math.min(ECE_BINS - 1, Math.floor(probabilities[i] * ECE_BINS));
    sums[at + (labels[i] === 1 ? (called ? 0 : 1) : called ? 3 : 2)]++;
    sums[at + 4] += (probabilities[i] - labels[i]) ** 2;
    if (healthy[i] === 1) {
      sums[at + 5]++;
      if (called) sums[at + 6]++;
    }
    sums[at + 7 + bin] += probabilities[i] - labels[i];
  }
  return sums;
}

function weightedSums(sums: Float64Array, weights: Float64Array): number[] {
  const totals = new Array<number>(SUMS).fill(0);
  for (let unit = 0; unit < weights.length; unit++) {
    const weight = weights[unit];
    if (weight === 0) continue;
    for (let k = 0; k < SUMS; k++) totals[k] += weight * sums[unit * SUMS + k];
  }
  return totals;
}
