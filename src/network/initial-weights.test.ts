import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import { resolve } from './graph.ts';
import { initialWeights } from './initial-weights.ts';
import type { LayerSpec } from './network.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

function valuesOf(key: string, seed: number, ...layers: LayerSpec[]): Float32Array {
  const graph = resolve({ input: { height: 8, width: 8, channels: 16 }, layers });
  return initialWeights(graph, seed, engine.math).get(key)?.data ?? new Float32Array();
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}

test('he-normal has deviation sqrt(2 / fan in)', () => {
  const { mean, deviation } = moments(
    valuesOf('c/kernel', 1, { type: 'convolution', name: 'c', filters: 200 }),
  );
  const expected = Math.sqrt(2 / (9 * 16));
  expect(Math.abs(mean)).toBeLessThan(expected / 30);
  expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.02);
});

test('glorot-uniform fills its range evenly', () => {
  const layer = { type: 'convolution', name: 'c', filters: 200, initialiser: 'glorot-uniform' };
  const values = valuesOf('c/kernel', 1, layer);
  const limit = Math.sqrt(6 / (9 * 16 + 9 * 200));
  expect(Math.max(...values)).toBeGreaterThan(0.999 * limit);
  expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(limit));
  expect(Math.abs(moments(values).deviation / (limit / Math.sqrt(3)) - 1)).toBeLessThan(0.02);
});

test('other seeds and other layers get other values, the same seed the same bits', () => {
  const layer = { type: 'convolution', name: 'c', filters: 8 };
  const values = valuesOf('c/kernel', 1, layer);
  expect(valuesOf('c/kernel', 1, layer)).toEqual(values);
  expect(valuesOf('c/kernel', 2, layer)).not.toEqual(values);
  expect(valuesOf('d/kernel', 1, { ...layer, name: 'd' })).not.toEqual(values);
  expect([...values.slice(0, 3)]).toMatchInlineSnapshot(`
    [
      -0.11693084239959717,
      -0.10250484943389893,
      0.04543156176805496,
    ]
  `);
});

test('a normalisation starts as its options say, statistics at 0 and 1', () => {
  const layer = { type: 'batch-normalization', name: 'n', gamma: 0.9, beta: { deviation: 0.05 } };
  expect([...valuesOf('n/gamma', 1, layer)]).toEqual(new Array(16).fill(Math.fround(0.9)));
  expect([...valuesOf('n/mean', 1, layer)]).toEqual(new Array(16).fill(0));
  expect([...valuesOf('n/variance', 1, layer)]).toEqual(new Array(16).fill(1));
  expect(moments(valuesOf('n/beta', 1, layer)).deviation).toBeGreaterThan(0.02);
});
