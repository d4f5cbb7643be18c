import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';

const { math } = await createEngine();

/** Difference as a share of the expected value. */
const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);

test('known values', () => {
  expect(math.exp(0)).toBe(1);
  expect(math.log(1)).toBe(0);
  expect(math.cos(0)).toBe(1);
  expect(math.cos(Math.PI)).toBe(-1);
});

test('agree with Math on the range they are made for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -700, max: 700, noNaN: true }),
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      (x, positive, angle) => {
        expect(relative(math.exp(x), Math.exp(x))).toBeLessThan(1e-15);
        expect(Math.abs(math.log(positive) - Math.log(positive))).toBeLessThanOrEqual(
          1e-15 * Math.max(1, Math.abs(Math.log(positive))),
        );
        expect(Math.abs(math.cos(angle) - Math.cos(angle))).toBeLessThan(1e-15);
      },
    ),
  );
});

test('an exponent out of range counts as the nearest in it, so that a probability from a sure logit is none but 0 or 1', () => {
  const { exp } = math;
  for (const beyond of [701, 1e6, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
    expect(exp(beyond)).toBe(exp(700));
    expect(exp(-beyond)).toBe(exp(-700));
    expect(1 / (1 + exp(-beyond))).toBe(1);
  }
});
