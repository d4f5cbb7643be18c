import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import { random } from '../recipes/random.ts';
import { fitLogistic } from './fit-logistic.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test('of one column, worked by hand: the ridge penalty holds the weight of what is told apart without a mistake', async () => {
  // Standardized, the rows lie at 1 and -1. The derivative of the loss by the weight w, w - 4 s(-w), is 0, s the logistic function.
  const table = { columns: 1, values: Float64Array.of(7, 7, 3, 3) };
  const { weights, bias } = await fitLogistic(table, [1, 1, 0, 0], engine.math);
  const weight = 2 * weights[0];
  expect(weight).toBeCloseTo(4 / (1 + Math.exp(weight)), 7);
  expect(bias).toBeCloseTo(-5 * weights[0], 7);
});

test('the loss is least there: its derivatives, worked out anew on columns as they are, are 0', async () => {
  const draw = random(5, 1);
  const rows = Array.from({ length: 300 }, () => [draw(), 100 * draw(), draw() ** 3]);
  const labels = rows.map(([a, b, c]) => (a + b / 100 - c + draw() > 1.2 ? 1 : 0));
  const { weights, bias } = await fitLogistic(
    { columns: 3, values: Float64Array.from(rows.flat()) },
    labels,
    engine.math,
  );
  const moments = [0, 1, 2].map((i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
    const variance = rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
  const errors = rows.map((row, r) => {
    const logit = bias + row.reduce((sum, value, i) => sum + value * weights[i], 0);
    return 1 / (1 + Math.exp(-logit)) - labels[r];
  });
  for (const [i, { mean, deviation }] of moments.entries()) {
    const data = rows.reduce((sum, row, r) => sum + (errors[r] * (row[i] - mean)) / deviation, 0);
    expect(data + weights[i] * deviation).toBeCloseTo(0, 5);
  }
  const intercept = bias + moments.reduce((sum, { mean }, i) => sum + weights[i] * mean, 0);
  expect(errors.reduce((sum, error) => sum + error, 0) + intercept).toBeCloseTo(0, 5);
});

// Of 0.1 the mean of a hundred is not quite 0.1, nor the deviation 0.
test.each([5, 0.1])('a column of %d only has no weight', async (constant) => {
  const rows = Array.from({ length: 100 }, (_, i) => [i, constant]);
  const labels = rows.map(([i]) => (i > 60 ? 1 : 0));
  const { weights, bias } = await fitLogistic(
    { columns: 2, values: Float64Array.from(rows.flat()) },
    labels,
    engine.math,
  );
  expect(weights[1]).toBe(0);
  expect(weights[0]).toBeGreaterThan(0);
  expect(Math.abs(bias)).toBeLessThan(1000);
});
