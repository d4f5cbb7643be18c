import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('the time left is that of the steps and validations to come', () => {
  const pace = createPace({ epochs: 3, steps: 10, valBatches: 4, resultBatches: 6 });
  pace.trained(32, 9);
  pace.trained(32, 2);
  pace.validated(0.5);
  expect(pace.cellsPerSecond()).toBe(16);
  expect(pace.secondsLeft(1, 2)).toBeCloseTo((8 + 20) * 2 + 18 * 0.5);
  expect(pace.secondsLeft(3, 10)).toBeCloseTo(10 * 0.5);
});

test('the first step, which also compiles, does not count once there is a second', () => {
  const pace = createPace({ epochs: 1, steps: 10, valBatches: 0, resultBatches: 0 });
  pace.trained(32, 9);
  expect(pace.secondsLeft(1, 1)).toBe(81);
  pace.trained(32, 1);
  expect(pace.secondsLeft(1, 2)).toBe(8);
});
