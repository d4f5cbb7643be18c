import { expect, test } from 'vitest';
import { fitTemperature } from './temperature.ts';

test('worked by hand: three of four logits of 2 are right, so the probability must be 3/4', () => {
  // 2 / T = ln 3
  expect(fitTemperature([2, 2, 2, 2], [1, 1, 1, 0], Math.exp)).toBeCloseTo(2 / Math.log(3), 12);
  expect(fitTemperature([-2, 2, 2, 2], [0, 1, 1, 0], Math.exp)).toBeCloseTo(2 / Math.log(3), 12);
});

test('equals scipy.optimize.minimize_scalar of the mean cross-entropy', () => {
  const logits = [-6, -4.5, -3, -1, -0.5, 0.25, 0.75, 2, 3.5, 40, 5, -30];
  const labels = [0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0];
  expect(fitTemperature(logits, labels, Math.exp)).toBeCloseTo(5.47257428, 6);
});

test.each([
  ['0 separates the labels', [-1, -2, 3], [0, 0, 1]],
  ['higher logits go with fewer parasitized cells', [-1, 1, 2], [1, 0, 0]],
  ['all logits are 0', [0, 0], [0, 1]],
  ['there are none', [], []],
])('none where %s', (_, logits, labels) => {
  expect(fitTemperature(logits, labels, Math.exp)).toBeNull();
});
