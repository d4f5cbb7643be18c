import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cosPi, sinPi } from './trigonometry.ts';

test('known values are exact where they can be', () => {
  expect([0, 0.5, 1, -1].map(cosPi)).toEqual([1, 0, -1, -1]);
  expect([0, 0.5, -0.5].map(sinPi)).toEqual([0, 1, -1]);
  expect(cosPi(1 / 3)).toBeCloseTo(0.5, 15);
  expect(sinPi(0.25)).toBeCloseTo(Math.SQRT1_2, 15);
});

test('agree with Math on the whole range', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (x) => {
      expect(Math.abs(cosPi(x) - Math.cos(Math.PI * x))).toBeLessThan(5e-16);
      expect(Math.abs(sinPi(x) - Math.sin(Math.PI * x))).toBeLessThan(5e-16);
    }),
  );
});
