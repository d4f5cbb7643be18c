import { expect, test } from 'vitest';
import { logisticModel } from './baselines.ts';

test('separated labels, worked by hand: standardized, the rows lie at 1 and -1, and the weight w is 4 s(-w)', async () => {
  const probability = await logisticModel([[0], [0], [1], [1]], [0, 0, 1, 1]);
  const weight = Math.log(probability([1]) / (1 - probability([1])));
  expect(weight).toBeCloseTo(4 / (1 + Math.exp(weight)), 6);
  expect(probability([0])).toBeCloseTo(1 - probability([1]), 9);
});
