import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { KernelCall } from '../engine/plan.ts';
import { type Optimiser, optimiserKernel } from './optimiser.ts';
import type { Argument, RecordCall } from './plan/context.ts';

/** Made by scripts/reference/make_optimisers.py: five steps by the library whose convention it is, in float64. */
interface Fixture {
  readonly source: string;
  readonly optimiser: Optimiser;
  readonly learningRates: readonly number[];
  readonly initial: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly values: readonly (readonly number[])[];
}

const folder = new URL('../../test/fixtures/optimisers/', import.meta.url);
const files = readdirSync(folder).filter((file) => /^(sgd|adam).*json$/.test(file));
/** As the parameters' block has it: whole lines of the cache. */
const LENGTH = 16;

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test.each(files)('five steps equal the library: %s', async (file) => {
  const fixture: Fixture = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const kernel = optimiserKernel(fixture.optimiser);
  const [weights, gradients, ...state] = [0, 0, ...kernel.state].map(() => engine.allocate(4 * LENGTH));
  const step = engine.allocate(8 * 5);
  const calls: KernelCall[] = [];
  kernel.record(recordTo(calls), { weights, gradients, state, step, decayed: LENGTH, length: LENGTH });
  engine.f32(weights, LENGTH).set(fixture.initial);
  for (let t = 0; t < fixture.values.length; t++) {
    engine.f32(gradients, LENGTH).set(fixture.gradients[t]);
    new Float64Array(engine.memory.buffer, step, 5).set(kernel.stepBlock(fixture.learningRates[t], t + 1));
    await engine.run(calls);
    fixture.values[t].forEach((value, i) => {
      expect(Math.abs(engine.f32(weights, LENGTH)[i] - value)).toBeLessThan(5e-7);
    });
  }
});

test('weight decay leaves values behind the decayed ones alone', async () => {
  const kernel = optimiserKernel({ type: 'adamw', weightDecay: 0.5 });
  const [weights, gradients, ...state] = [0, 0, ...kernel.state].map(() => engine.allocate(4 * 32));
  const step = engine.allocate(8 * 5);
  const calls: KernelCall[] = [];
  kernel.record(recordTo(calls), { weights, gradients, state, step, decayed: 16, length: 32 });
  engine.f32(weights, 32).fill(1);
  new Float64Array(engine.memory.buffer, step, 5).set(kernel.stepBlock(0.5, 1));
  await engine.run(calls);
  expect([...engine.f32(weights, 32)]).toEqual([...new Array(16).fill(0.75), ...new Array(16).fill(1)]);
});

test('clipping by global norm equals PyTorch', async () => {
  const { cases } = JSON.parse(readFileSync(new URL('clipping.json', folder), 'utf8'));
  for (const { clip, gradients, norm, clipped } of cases) {
    const values: number[] = gradients.flat();
    const [block, parts, factor] = [engine.allocate(4 * LENGTH), engine.allocate(8 * 4), engine.allocate(8)];
    engine.f32(block, values.length).set(values);
    await engine.run([
      { kernel: 'sumSquares', args: [block, parts, values.length, 4], chunks: Math.ceil(values.length / 4) },
      { kernel: 'clipScale', args: [parts, factor, clip, Math.ceil(values.length / 4)], chunks: 1 },
    ]);
    const scale = new Float64Array(engine.memory.buffer, factor, 1)[0];
    expect(scale).toBeCloseTo(Math.min(1, clip / norm), 7);
    clipped.flat().forEach((value: number, i: number) => {
      expect(values[i] * scale).toBeCloseTo(value, 6);
    });
  }
});

test('the moving average equals PyTorch', async () => {
  const { decay, weights, averages } = JSON.parse(
    readFileSync(new URL('moving-average.json', folder), 'utf8'),
  );
  const [w, average, step] = [engine.allocate(4 * LENGTH), engine.allocate(4 * LENGTH), engine.allocate(8)];
  for (let t = 0; t < weights.length; t++) {
    engine.f32(w, LENGTH).set(weights[t]);
    new Float64Array(engine.memory.buffer, step, 1)[0] = t + 1;
    const args = [w, average, step, decay, LENGTH, LENGTH];
    await engine.run([{ kernel: 'movingAverage', args, chunks: 1 }]);
    averages[t].flat().forEach((value: number, i: number) => {
      expect(engine.f32(average, LENGTH)[i]).toBeCloseTo(value, 6);
    });
  }
});

test('a wrong setting is refused by name', () => {
  expect(() => optimiserKernel({ type: 'adam', beta1: 1 })).toThrow("'beta1' must be below 1; it is 1");
  expect(() => optimiserKernel({ type: 'adamw', weightDecay: -1 })).toThrow("'weightDecay'");
});

function recordTo(calls: KernelCall[]): RecordCall {
  const number = (argument: Argument) => {
    if (typeof argument !== 'number') throw new Error('optimisers use no buffers of the plan');
    return argument;
  };
  return (kernel, args, chunks) => calls.push({ kernel, args: args.map(number), chunks });
}
