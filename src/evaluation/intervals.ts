import { type BootstrapOptions, leaveOneOutWeights, resampleWeights } from './bootstrap.ts';
import { binomialInterval, type Interval, shareInterval } from './interval.ts';
import type { Units } from './units.ts';
import {
  INTERVAL_NAMES,
  type IntervalName,
  type WeightedFigures,
  weightedFigures,
} from './weighted-figures.ts';

export type Intervals = Readonly<Partial<Record<IntervalName, Interval>>>;

export interface IntervalResult {
  readonly intervals: Intervals;
  /** Of the share of healthy patients' cells that is called parasitized; null where there are none. */
  readonly healthyRate: {
    readonly interval: Interval;
    /** One-sided, 95 %. */
    readonly upper: number;
  } | null;
}

/** 95 % intervals of all figures at a threshold, from resamples of the units (see `shareInterval`). */
export function intervalsOf(units: Units, threshold: number, options: BootstrapOptions = {}): IntervalResult {
  const figuresOf = weightedFigures(units, threshold);
  const estimate = figuresOf(new Float64Array(units.count).fill(1));
  const resampled = Array.from(resampleWeights(units, options), figuresOf);
  // Each of many thousand cells matters alike: without leaving each out, t is the normal quantile.
  const leftOut = units.unit === 'patient' ? Array.from(leaveOneOutWeights(units), figuresOf) : undefined;
  const cells = cellsBehind(units, threshold);

  const intervalOf = (name: keyof WeightedFigures, level?: number): Interval | undefined => {
    const share = name === 'mcc' ? (value: number) => (value + 1) / 2 : (value: number) => value;
    const input = {
      estimate: share(estimate[name]),
      resampled: Float64Array.from(resampled, (figures) => share(figures[name])),
      leftOut: leftOut
        ? units.strata.map((stratum) => Array.from(stratum, (unit) => share(leftOut[unit][name])))
        : [],
      cells: cells[name],
    };
    const interval = shareInterval(input, level);
    return interval && name === 'mcc' ? [2 * interval[0] - 1, 2 * interval[1] - 1] : interval;
  };
  const named = INTERVAL_NAMES.map((name) => [name, intervalOf(name)] as const);
  return {
    intervals: Object.fromEntries(named.filter(([, interval]) => interval !== undefined)),
    healthyRate: cells.healthyRate === 0 ? null : healthyRate(),
  };

  function healthyRate() {
    const calls = Math.round(estimate.healthyRate * cells.healthyRate);
    const at = (level: number) =>
      intervalOf('healthyRate', level) ?? binomialInterval(calls, cells.healthyRate, level);
    return { interval: at(0.95), upper: at(0.9)[1] };
  }
}

/** Cells a figure is a share of; where both labels matter, those of the rarer one. */
function cellsBehind(
  { labels, probabilities, healthy }: Units,
  threshold: number,
): Record<keyof WeightedFigures, number> {
  const cells = labels.length;
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const called = probabilities.filter((probability) => probability >= threshold).length;
  const rarer = Math.min(positives, cells - positives);
  return {
    rocAuc: rarer,
    prAuc: rarer,
    accuracy: cells,
    balancedAccuracy: rarer,
    sensitivity: positives,
    specificity: cells - positives,
    ppv: called,
    npv: cells - called,
    f1: rarer,
    mcc: rarer,
    brier: cells,
    ece: cells,
    healthyRate: healthy.reduce((sum, value) => sum + value, 0),
  };
}
