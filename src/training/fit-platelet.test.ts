import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import { type PlateletDetector, plateletScores } from '../model/platelet.ts';
import { random } from '../recipes/random.ts';
import { fitPlatelet, shiftedPlatelet } from './fit-platelet.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());
const fitted = (platelets: Float32Array, cells: Float32Array, features: number) =>
  fitPlatelet(platelets, cells, features, engine.math);

/** Sums of uniform numbers: mean 0, deviation 1. */
function normals(seed: number, count: number): Float32Array {
  const draw = random(seed, 1);
  return Float32Array.from({ length: count }, () =>
    Array.from({ length: 12 }, draw).reduce((a, b) => a + b, -6),
  );
}

describe('one feature, worked by hand', () => {
  // Standardized, platelets lie at 1 and the others at -1, and so do their squares: both weights are w, the bias 0, and the
  // derivative of the loss by w, w - 4 s(-2 w), is 0 where s is the logistic function.
  let detector: PlateletDetector;
  beforeAll(async () => {
    detector = await fitted(Float32Array.of(3, 3), Float32Array.of(1, 1), 1);
  });

  test('the ridge penalty holds the weights of what is told apart without a mistake', () => {
    const [above, below, middle] = plateletScores(detector, Float32Array.of(3, 1, Math.sqrt(5)));
    expect(above).toBeCloseTo(-below, 5);
    const weight = above / 2;
    expect(weight).toBeCloseTo(4 / (1 + Math.exp(2 * weight)), 5);
    expect(middle).toBeCloseTo(weight * (Math.sqrt(5) - 2), 5);
  });

  test('a shifted score is lower by so much', () => {
    const [score] = plateletScores(shiftedPlatelet(detector, 0.25), Float32Array.of(3));
    expect(score).toBeCloseTo(plateletScores(detector, Float32Array.of(3))[0] - 0.25, 6);
  });
});

test('of normal features, the log-odds are the quadratic function of them that theory gives', async () => {
  // log N(x; 1, 2) - log N(x; 0, 1) = x^2 / 2 - (x - 1)^2 / 8 - log 2; a second feature says nothing.
  const cells = 20_000;
  const interleaved = (seed: number, mean: number, deviation: number) => {
    const values = normals(seed, 2 * cells);
    for (let i = 0; i < values.length; i += 2) values[i] = mean + deviation * values[i];
    return values;
  };
  const detector = await fitted(interleaved(1, 1, 2), interleaved(2, 0, 1), 2);
  const scores = plateletScores(detector, Float32Array.of(0, 0, 1, 0, -1, 0, 2, 0, 1, 2));
  const expected = [0, 1, -1, 2, 1].map((x) => x ** 2 / 2 - (x - 1) ** 2 / 8 - Math.log(2));
  for (const [i, score] of scores.entries()) expect(Math.abs(score - expected[i])).toBeLessThan(0.12);
});

test('features that never vary, or next to nothing, have no weight, and many that are nearly the same are no trouble', async () => {
  const base = normals(3, 600);
  const rows = (from: number, shift: number) =>
    Float32Array.from({ length: 300 * 8 }, (_, k) => {
      const feature = k % 8;
      const value = base[from + Math.floor(k / 8)] + shift;
      return [7, 1e-12 * value][feature] ?? value + 1e-4 * feature;
    });
  const detector = await fitted(rows(0, 1), rows(300, 0), 8);
  expect([...detector.linear.subarray(0, 2), ...detector.square.subarray(0, 2)]).toEqual([0, 0, 0, 0]);
  const [high, low] = plateletScores(
    detector,
    Float32Array.of(7, 2, 2, 2, 2, 2, 2, 2, 7, -1, -1, -1, -1, -1, -1, -1),
  );
  expect(high).toBeGreaterThan(0.8);
  expect(low).toBeLessThan(-0.8);
});
