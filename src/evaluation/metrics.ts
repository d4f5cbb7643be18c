import { type Curve, scoreCurve } from './curve.ts';

/** Cells by what they are and what they were called; parasitized is the positive class. */
export interface Counts {
  readonly tp: number;
  readonly tn: number;
  readonly fp: number;
  readonly fn: number;
}

/** What depends on the threshold. A figure that the cells do not define (0 / 0) is null, never 0. */
export interface ThresholdMetrics {
  readonly accuracy: number | null;
  /** Mean of sensitivity and specificity. */
  readonly balancedAccuracy: number | null;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly ppv: number | null;
  readonly npv: number | null;
  readonly f1: number | null;
  readonly mcc: number | null;
  readonly counts: Counts;
}

/** Of equal width. */
export const ECE_BINS = 15;

/** All metrics of `metrics.json`, under its names. */
export interface Metrics extends ThresholdMetrics {
  readonly rocAuc: number | null;
  /** Average precision. */
  readonly prAuc: number | null;
  /** Mean squared error of the probability. */
  readonly brier: number | null;
  /** Expected calibration error of the probability of parasitized, in 15 bins of equal width. */
  readonly ece: number | null;
}

/**
 * @param probabilities of parasitized, from 0 to 1
 * @param labels 1 parasitized, 0 uninfected
 * @param threshold parasitized means probability >= threshold
 * @throws EvaluationError `wrong-scores`
 */
export function evaluate(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  threshold: number,
): Metrics {
  const curve = scoreCurve(probabilities, labels);
  return {
    rocAuc: rocAuc(curve),
    prAuc: averagePrecision(curve),
    ...thresholdMetrics(countsAt(curve, threshold)),
    brier: brier(probabilities, labels),
    ece: expectedCalibrationError(probabilities, labels),
  };
}

/**
 * Area under the ROC curve: the probability that a parasitized cell scores higher than an uninfected one, ties counting
 * half (Mann-Whitney). Sums of integers, so the order of the cells cannot change a bit of it.
 */
export function rocAuc({ positives, negatives, points }: Curve): number | null {
  if (positives === 0 || negatives === 0) return null;
  let twice = 0;
  let tp = 0;
  let fp = 0;
  for (const point of points) {
    twice += (point.falsePositives - fp) * (tp + point.truePositives);
    tp = point.truePositives;
    fp = point.falsePositives;
  }
  return twice / (2 * positives * negatives);
}

/** Sum over the distinct scores, from the highest, of the recall gained times the precision there. */
export function averagePrecision({ positives, points }: Curve): number | null {
  if (positives === 0) return null;
  let sum = 0;
  let tp = 0;
  for (const { truePositives, falsePositives } of points) {
    sum += ((truePositives - tp) * truePositives) / (truePositives + falsePositives);
    tp = truePositives;
  }
  return sum / positives;
}

export function countsAt({ positives, negatives, points }: Curve, threshold: number): Counts {
  const called = points.findLast((point) => point.threshold >= threshold);
  const tp = called?.truePositives ?? 0;
  const fp = called?.falsePositives ?? 0;
  return { tp, tn: negatives - fp, fp, fn: positives - tp };
}

export function thresholdMetrics(counts: Counts): ThresholdMetrics {
  const { tp, tn, fp, fn } = counts;
  const sensitivity = ratio(tp, tp + fn);
  const specificity = ratio(tn, tn + fp);
  return {
    accuracy: ratio(tp + tn, tp + tn + fp + fn),
    balancedAccuracy: sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2,
    sensitivity,
    specificity,
    ppv: ratio(tp, tp + fp),
    npv: ratio(tn, tn + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    mcc: ratio(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fp) * (tn + fn))),
    counts,
  };
}

function brier(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i] - labels[i]) ** 2;
  return ratio(sum, labels.length);
}

/**
 * Mean over the cells of |mean probability - share of parasitized| of their bin; bins [0, 1/15), [1/15, 2/15) ...
 * [14/15, 1] (Naeini et al. 2015; of the positive class, as scikit-learn's calibration curve).
 */
function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = ECE_BINS,
): number | null {
  const excess = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    excess[Math.min(bins - 1, Math.floor(probabilities[i] * bins))] += probabilities[i] - labels[i];
  }
  return ratio(
    excess.reduce((sum, value) => sum + Math.abs(value), 0),
    labels.length,
  );
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
