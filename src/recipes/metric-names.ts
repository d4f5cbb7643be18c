/** The metrics of an epoch that training may stop on or keep by. Which direction is better belongs to the metric. */
export const METRICS = {
  loss: { direction: 'lower' },
  accuracy: { direction: 'higher' },
  rocAuc: { direction: 'higher' },
  sensitivity: { direction: 'higher' },
  specificity: { direction: 'higher' },
} as const satisfies Record<string, { direction: 'higher' | 'lower' }>;

export type MetricName = keyof typeof METRICS;

/** Whether `value` is strictly better than `best`. A metric that could not be computed (null, NaN) is never better. */
export function isBetter(metric: MetricName, value: number | null, best: number | null): boolean {
  if (value === null || Number.isNaN(value)) return false;
  if (best === null || Number.isNaN(best)) return true;
  return METRICS[metric].direction === 'higher' ? value > best : value < best;
}
