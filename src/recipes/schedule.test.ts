import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { learningRate, type Schedule } from './schedule.ts';

const fixtures = JSON.parse(
  readFileSync(new URL('../../test/fixtures/schedules.json', import.meta.url), 'utf8'),
) as { oneCycle: { schedule: Schedule; steps: number; rates: number[] }[] };

const rates = (schedule: Schedule, steps: number) =>
  Array.from({ length: steps }, (_, i) => learningRate(schedule, i + 1, steps));

describe('one-cycle is PyTorch’s OneCycleLR', () => {
  test.each(fixtures.oneCycle)('$schedule over $steps steps', ({ schedule, steps, rates: expected }) => {
    rates(schedule, steps).forEach((rate, i) => {
      expect(Math.abs(rate / expected[i] - 1), `step ${i + 1}`).toBeLessThan(1e-9);
    });
  });
});

test('warm-up-cosine rises to its peak and falls to the final rate with the last step', () => {
  const got = rates({ type: 'warm-up-cosine', peak: 1, warmUp: 0.2, final: 0.1 }, 10);
  const cosine = (share: number) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * share));
  const expected = [0.5, 1, ...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => cosine(i / 8))];
  got.forEach((rate, i) => {
    expect(rate).toBeCloseTo(expected[i], 14);
  });
  expect(got[9]).toBe(0.1);
});

test('warm-up of no steps starts at the peak’s cosine', () => {
  expect(rates({ type: 'warm-up-cosine', peak: 2, warmUp: 0 }, 4)[3]).toBe(0);
});

test('constant is constant, and one step is enough for any schedule', () => {
  expect(rates({ type: 'constant', rate: 0.01 }, 3)).toEqual([0.01, 0.01, 0.01]);
  expect(learningRate({ type: 'one-cycle', peak: 0.1, warmUp: 0.3 }, 1, 1)).toBeGreaterThan(0);
  expect(learningRate({ type: 'warm-up-cosine', peak: 0.1, warmUp: 0.3 }, 1, 1)).toBeGreaterThanOrEqual(0);
});
