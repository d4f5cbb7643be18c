import { expect, test } from 'vitest';
import { leaveOneOutWeights, leftOutByResamples, resampleWeights } from './bootstrap.ts';
import { effectiveUnits } from './interval.ts';

const values = [0.1, 0.2, 0.2, 0.3, 0.4, 0.4, 0.5, 0.6, 0.9, 3];
const units = { count: values.length, strata: [Uint32Array.from(values.keys())] };
const mean = (weights: Float64Array) =>
  weights.reduce((sum, weight, i) => sum + weight * values[i], 0) / weights.reduce((sum, w) => sum + w, 0);
const resamplesOf = (statistic: (weights: Float64Array) => number, options: { resamples: number }) =>
  Array.from(resampleWeights(units, options), statistic);

test('of a mean, resamples tell what leaving each unit out does', () => {
  const options = { resamples: 40_000 };
  const told = leftOutByResamples(
    units,
    mean(new Float64Array(10).fill(1)),
    resamplesOf(mean, options),
    options,
  );
  const really = Array.from(leaveOneOutWeights(units), mean);
  // A mean of nine moves by a tenth more than the tenth of a mean of ten does.
  const average = mean(new Float64Array(10).fill(1));
  for (const [i, value] of told.entries())
    expect(value).toBeCloseTo(average + 0.9 * (really[i] - average), 2);
  expect(effectiveUnits([[...told]])).toBeCloseTo(effectiveUnits([really]), 1);
});

test('of a median, it leaves no single unit to decide', () => {
  const options = { resamples: 4000 };
  const median = (weights: Float64Array) => {
    let left = weights.reduce((sum, w) => sum + w, 0) / 2;
    for (let i = 0; i < values.length; i++) {
      left -= weights[i];
      if (left <= 0) return values[i];
    }
    return Number.NaN;
  };
  const told = leftOutByResamples(units, 0.4, resamplesOf(median, options), options);
  const really = Array.from(leaveOneOutWeights(units), median);
  expect(new Set(really).size).toBeLessThanOrEqual(2);
  expect(effectiveUnits([[...told]])).toBeGreaterThan(4);
});

test('resamples that do not define the figure count for nothing', () => {
  const told = leftOutByResamples(units, 1, [Number.NaN, 1, Number.NaN], { resamples: 3 });
  expect([...told]).toEqual(new Array(10).fill(1));
});
