import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scheduleReference } from '../../test/reference/schedules.ts';
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

const share = fc.double({ min: 0, max: 1, noNaN: true });
const peak = fc.double({ min: 1e-6, max: 10, noNaN: true });
/** A rate at both ends that is not above the peak, or none given. */
const schedules = fc
  .record({ peak, warmUp: share, initial: fc.option(share), final: fc.option(share), oneCycle: fc.boolean() })
  .map(({ peak, warmUp, initial, final, oneCycle }): Schedule => {
    const last = final === null ? {} : { final: final * peak };
    if (!oneCycle) return { type: 'warm-up-cosine', peak, warmUp: Math.min(warmUp, 0.999), ...last };
    return {
      type: 'one-cycle',
      peak,
      warmUp,
      ...last,
      ...(initial === null ? {} : { initial: initial * peak }),
    };
  });

test('rates equal a plain reference, rise once and fall once, over schedules and steps', () => {
  fc.assert(
    fc.property(schedules, fc.integer({ min: 1, max: 300 }), (schedule, steps) => {
      const got = rates(schedule, steps);
      const [peak, close] = 'peak' in schedule ? [schedule.peak, 1e-12 * schedule.peak] : [Number.NaN, 0];
      const errors = got.map((rate, i) => Math.abs(rate - scheduleReference(schedule, i + 1, steps)));
      expect(Math.max(...errors)).toBeLessThan(close);
      expect(Math.max(...got)).toBeLessThanOrEqual(peak + close);
      const top = got.indexOf(Math.max(...got));
      const changes = got.slice(1).map((rate, i) => (i < top ? 1 : -1) * (rate - got[i]));
      expect(Math.min(0, ...changes)).toBeGreaterThanOrEqual(-close);
    }),
  );
});
