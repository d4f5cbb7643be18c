import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clipped, movingAverages, optimiserReference } from '../../test/reference/optimisers.ts';
import { distinctValues } from '../../test/support/check-layer.ts';
import { difference } from '../../test/support/close.ts';
import { anyOptimiser, logarithmic } from '../../test/support/optimisers.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { KernelCall } from '../engine/plan.ts';
import { type Optimiser, optimiserKernel } from './optimiser.ts';
import { elementwise } from './plan/chunks.ts';
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

/** Lengths of a block of parameters: some lines, at times more than one chunk. */
const lengths = fc
  .oneof(
    { weight: 29, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2045, max: 2052 }) },
  )
  .map((lines) => lines * LENGTH);

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

test('steps equal a float64 reference, over optimisers, settings, lengths and rates', async () => {
  const settings = fc.record({
    optimiser: anyOptimiser(logarithmic(1e-6, 0.5)),
    length: lengths,
    decayed: fc.double({ min: 0, max: 1, noNaN: true }),
    rates: fc.array(logarithmic(1e-3, 0.2), { minLength: 1, maxLength: 6 }),
    factor: fc.constantFrom(1, 0.5, 0.03125),
  });
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.nat(),
      async ({ optimiser, length, decayed: share, rates, factor }, seed) => {
        const kernel = optimiserKernel(optimiser);
        const decayed = LENGTH * Math.round((share * length) / LENGTH);
        const [weights, gradients, ...state] = [0, 0, ...kernel.state].map(() => engine.allocate(4 * length));
        const step = engine.allocate(8 * 5);
        const calls: KernelCall[] = [];
        kernel.record(recordTo(calls), { weights, gradients, state, step, decayed, length });
        const reference = optimiserReference(optimiser, (i) => i < decayed);
        let expected = distinctValues([length], seed, 0).data;
        engine.f32(weights, length).set(expected);
        for (const [t, rate] of rates.entries()) {
          const gradient = distinctValues([length], seed, t + 1).data;
          engine.f32(gradients, length).set(gradient);
          // The last number of the block is the gradient's factor, which clipping writes.
          const block = kernel.stepBlock(rate, t + 1).with(4, factor);
          new Float64Array(engine.memory.buffer, step, 5).set(block);
          await engine.run(calls);
          expected = reference(
            expected,
            gradient.map((value) => factor * value),
            rate,
          );
          const shape = [length];
          expect(
            difference({ shape, data: engine.f32(weights, length) }, { shape, data: expected }),
          ).toBeLessThan(1e-6);
        }
      },
    ),
  );
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

test('clipping equals a float64 reference, over lengths and limits', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, logarithmic(1e-2, 100), fc.nat(), async (length, limit, seed) => {
      const { args, chunks } = elementwise(length);
      const [block, parts, factor] = [4 * length, 8 * chunks, 8].map((bytes) => engine.allocate(bytes));
      const gradient = distinctValues([length], seed, 0).data;
      engine.f32(block, length).set(gradient);
      await engine.run([
        { kernel: 'sumSquares', args: [block, parts, ...args], chunks },
        { kernel: 'clipScale', args: [parts, factor, limit, chunks], chunks: 1 },
      ]);
      const scale = new Float64Array(engine.memory.buffer, factor, 1)[0];
      const actual = { shape: [length], data: gradient.map((value) => value * scale) };
      expect(difference(actual, { shape: [length], data: clipped(gradient, limit) })).toBeLessThan(1e-7);
    }),
  );
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

test('the moving average equals a float64 reference, over lengths, decays and steps', async () => {
  const decays = fc.double({ min: 0, max: 0.999, noNaN: true });
  const counts = fc.integer({ min: 1, max: 12 });
  await fc.assert(
    fc.asyncProperty(lengths, decays, counts, fc.nat(), async (length, decay, count, seed) => {
      const [w, average, step] = [4 * length, 4 * length, 8].map((bytes) => engine.allocate(bytes));
      const { args, chunks } = elementwise(length);
      const steps = Array.from({ length: count }, (_, t) => distinctValues([length], seed, t).data);
      const expected = movingAverages(steps, decay);
      for (const [t, weights] of steps.entries()) {
        engine.f32(w, length).set(weights);
        new Float64Array(engine.memory.buffer, step, 1)[0] = t + 1;
        await engine.run([{ kernel: 'movingAverage', args: [w, average, step, decay, ...args], chunks }]);
        const shape = [length];
        expect(
          difference({ shape, data: engine.f32(average, length) }, { shape, data: expected[t] }),
        ).toBeLessThan(5e-7);
      }
    }),
  );
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
