import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreCurve } from './curve.ts';
import { evaluate } from './metrics.ts';
import { rocReadings } from './operating-points.ts';
import { thresholdForSensitivity, thresholdForSpecificity, youdenThreshold } from './thresholds.ts';

//              specificity at it:  0    1/4  1/4  2/4  3/4  3/4  1
const probabilities = [0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9];
const labels = /*   */ [0, 1, 0, 0, 1, 0, 1];
const curve = scoreCurve(probabilities, labels);

describe('fixed specificity', () => {
  test.each([
    [0, 0.1],
    [0.25, 0.2],
    [0.5, 0.4],
    [0.75, 0.6],
    [0.76, 0.9],
    [1, 0.9],
  ])('at least %d: the smallest threshold is %d', (target, threshold) => {
    expect(thresholdForSpecificity(curve, target)).toBe(threshold);
  });

  test('where the highest score is an uninfected cell’s, nothing but 1 is left', () => {
    expect(thresholdForSpecificity(scoreCurve([0.2, 0.7], [1, 0]), 0.9)).toBe(1);
    expect(thresholdForSpecificity(scoreCurve([0.2, 1], [1, 0]), 0.9)).toBeNull();
  });
});

test.each([
  [1, 0.2],
  [0.67, 0.2],
  [2 / 3, 0.6],
  [0.1, 0.9],
])('sensitivity at least %d: the greatest threshold is %d', (target, threshold) => {
  expect(thresholdForSensitivity(curve, target)).toBe(threshold);
});

test('of several thresholds with the same Youden index the highest is taken', () => {
  expect(youdenThreshold(scoreCurve([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]))).toBe(0.9);
});

test('one class only: no threshold can be chosen', () => {
  const positives = scoreCurve([0.5, 0.6], [1, 1]);
  const negatives = scoreCurve([0.5, 0.6], [0, 0]);
  expect([youdenThreshold(positives), thresholdForSpecificity(positives, 0.9)]).toEqual([null, null]);
  expect([youdenThreshold(negatives), thresholdForSensitivity(negatives, 0.9)]).toEqual([null, null]);
  expect(youdenThreshold(scoreCurve([], []))).toBeNull();
});

test('a threshold reaches what it was chosen for, and the next one would not', () => {
  const cells = fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.boolean()), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(cells, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, target) => {
      const scores = pairs.map(([score]) => score / 20);
      const truth = pairs.map(([, positive]) => Number(positive));
      const threshold = thresholdForSpecificity(scoreCurve(scores, truth), target);
      if (threshold === null) return;
      const at = (t: number) => evaluate(scores, truth, t).specificity ?? Number.NaN;
      expect(at(threshold)).toBeGreaterThanOrEqual(target);
      const below = Math.max(...scores.filter((score) => score < threshold));
      if (Number.isFinite(below)) expect(at(below)).toBeLessThan(target);
    }),
  );
});

test('sensitivity at a given specificity and the reverse, read off the curve by hand', () => {
  const { sensitivityAt, specificityAt } = rocReadings(curve) ?? { sensitivityAt: [], specificityAt: [] };
  // Above .95 only the highest score, parasitized, is called; 2/3 are enough for no sensitivity asked, 3/3 cost 3 of 4.
  expect(sensitivityAt.map(({ sensitivity }) => sensitivity)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  expect(specificityAt.map(({ specificity }) => specificity)).toEqual([0.25, 0.25, 0.25]);
  expect(rocReadings(scoreCurve([0.5], [1]))).toBeNull();
});
