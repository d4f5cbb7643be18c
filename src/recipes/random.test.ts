import fc from 'fast-check';
import { expect, test } from 'vitest';
import { philox, random, randomInteger } from './random.ts';

// kat_vectors of Random123, the reference implementation of Philox.
test('philox gives the reference implementation’s answers', () => {
  expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = 0xffffffff;
  expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([
    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  ]);
  expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

test('the same seed and keys give the same stream, others another', () => {
  const draws = (...args: Parameters<typeof random>) => Array.from({ length: 9 }, random(...args));
  expect(draws(7, 1, 2, 3)).toEqual(draws(7, 1, 2, 3));
  const streams = [
    draws(7, 1, 2, 3),
    draws(8, 1, 2, 3),
    draws(7, 0, 2, 3),
    draws(7, 1),
    draws(7 + 2 ** 32, 1),
  ];
  expect(new Set(streams.map(String)).size).toBe(streams.length);
});

test('numbers are multiples of 2^-32 in [0, 1) with mean 1/2 and variance 1/12', () => {
  const draw = random(1337);
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = draw();
    if (x < 0 || x >= 1 || x * 2 ** 32 !== Math.floor(x * 2 ** 32)) throw new Error(`${x}`);
    sum += x;
    squares += x * x;
  }
  const mean = sum / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.004);
  expect(Math.abs(squares / n - mean * mean - 1 / 12)).toBeLessThan(0.002);
});

test('integers stay below their limit', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1000 }), (seed, below) => {
      const value = randomInteger(random(seed), below);
      expect(Number.isInteger(value) && value >= 0 && value < below).toBe(true);
    }),
  );
});
