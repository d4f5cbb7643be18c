import { expect, it } from 'vitest';
import { fitLogistic } from './logistic-regression.ts';

it('with one feature of two values, the probabilities are the shares of the labels', () => {
  // The maximum of the likelihood of a saturated model: 3 of 4 where the feature is 1, 2 of 6 where it is 7.
  const rows = [1, 1, 1, 1, 7, 7, 7, 7, 7, 7].map((value) => [value]);
  const model = fitLogistic(rows, [1, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
  expect(model([1])).toBeCloseTo(3 / 4, 4);
  expect(model([7])).toBeCloseTo(1 / 3, 4);
});

it('a feature that never varies changes nothing', () => {
  const labels = [0, 1, 0, 1, 1];
  const alone = fitLogistic([[1], [2], [3], [4], [5]], labels);
  const both = fitLogistic(
    [
      [1, 9],
      [2, 9],
      [3, 9],
      [4, 9],
      [5, 9],
    ],
    labels,
  );
  expect(both([2.5, 9])).toBeCloseTo(alone([2.5]), 12);
});

it('separated labels give finite probabilities', () => {
  const model = fitLogistic([[0], [0], [1], [1]], [0, 0, 1, 1]);
  expect(model([0])).toBeLessThan(0.1);
  expect(model([1])).toBeGreaterThan(0.9);
  expect(model([1])).toBeLessThan(1);
});
