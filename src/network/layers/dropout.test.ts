import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLayers } from '../../../test/support/run-layers.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

async function maskOf(rate: number, options: { seed: number; step: number }): Promise<number[]> {
  const shape = [4, 50, 25];
  const ones = { shape, data: new Float32Array(5000).fill(1) };
  const layers = [{ type: 'dropout', rate }];
  const run = await runLayers(
    engine,
    layers,
    [ones],
    new Map(),
    () => new Float32Array(5000).fill(3),
    options,
  );
  const mask = Array.from(run.output.data);
  // What is kept grows by 1 / (1 - rate), and so does its gradient.
  const gain = Math.fround(1 / Math.fround(1 - Math.fround(rate)));
  expect(mask.every((value) => value === 0 || Math.abs(value - gain) < 1e-6)).toBe(true);
  expect(Array.from(run.inputGradients[0].data)).toEqual(mask.map((value) => Math.fround(3 * value)));
  return mask;
}

test('keeps a share of 1 - rate, the same ones forward and backward', async () => {
  for (const rate of [0.1, 0.3, 0.5, 0.9]) {
    const mask = await maskOf(rate, { seed: 1, step: 1 });
    const kept = mask.filter((value) => value > 0).length / mask.length;
    // Five standard deviations.
    expect(Math.abs(kept - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / 5000));
  }
});

test('masks of other steps and seeds are independent', async () => {
  const masks = [
    await maskOf(0.5, { seed: 1, step: 1 }),
    await maskOf(0.5, { seed: 1, step: 2 }),
    await maskOf(0.5, { seed: 2, step: 1 }),
  ];
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ]) {
    const same = masks[a].filter((value, i) => value === masks[b][i]).length / 5000;
    expect(Math.abs(same - 0.5)).toBeLessThan(0.036);
  }
});

test('rate 0 changes nothing', async () => {
  expect(await maskOf(0, { seed: 1, step: 1 })).toEqual(new Array(5000).fill(1));
});
