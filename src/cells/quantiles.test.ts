import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantilesOf } from './quantiles.ts';

test('between two values they are interpolated', () => {
  expect(quantilesOf(Float32Array.of(30, 10, 20, 40), [0, 0.5, 0.25, 1])).toEqual([10, 25, 17.5, 40]);
  expect(quantilesOf(Float32Array.of(7), [0, 0.3, 1])).toEqual([7, 7, 7]);
});

test('are those of the sorted values, bit for bit', () => {
  const value = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 }),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(1e30, -1e30, 1e-30),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 400 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (list, shares) => {
        const values = Float32Array.from(list);
        const sorted = values.toSorted();
        const expected = shares.map((share) => {
          const place = share * (sorted.length - 1);
          const [low, high] = [
            sorted[Math.floor(place)],
            sorted[Math.min(Math.floor(place) + 1, sorted.length - 1)],
          ];
          return low + (place - Math.floor(place)) * (high - low);
        });
        expect(quantilesOf(values, shares)).toEqual(expected);
      },
    ),
  );
});
