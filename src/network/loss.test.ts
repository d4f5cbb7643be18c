import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finiteDifferences } from '../../test/reference/finite-differences.ts';
import { crossEntropy, l2Penalty } from '../../test/reference/losses.ts';
import { distinctValues } from '../../test/support/check-layer.ts';
import { difference } from '../../test/support/close.ts';
import { createEngine, type Engine } from '../engine/engine.ts';

/** Made by scripts/reference/make_losses.py with PyTorch (cross-entropy) and Keras (penalty). */
interface CrossEntropyFixture {
  readonly labelSmoothing: number;
  readonly logits: readonly number[];
  readonly targets: readonly number[];
  readonly sampleWeights: readonly number[];
  readonly value: number;
  readonly probabilities: readonly number[];
  readonly logitGradients: readonly number[];
}

const folder = new URL('../../test/fixtures/losses/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'l2.json');

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test.each(files)('binary cross-entropy equals PyTorch: %s', async (file) => {
  const fixture: CrossEntropyFixture = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const n = fixture.logits.length;
  const [logits, targets, weights] = [fixture.logits, fixture.targets, fixture.sampleWeights].map(put);
  const [probabilities, gradient] = [engine.allocate(4 * n), engine.allocate(4 * n)];
  const loss = engine.allocate(8);
  const args = [logits, targets, weights, probabilities, gradient, loss, fixture.labelSmoothing, n];
  await engine.run([{ kernel: 'binaryCrossEntropy', args, chunks: 1 }]);
  const value = new Float64Array(engine.memory.buffer, loss, 1)[0];
  expect(Math.abs(value - fixture.value) / Math.max(1, fixture.value)).toBeLessThan(1e-7);
  expectClose(engine.f32(probabilities, n), fixture.probabilities);
  expectClose(engine.f32(gradient, n), fixture.logitGradients);
});

test('binary cross-entropy: value, probabilities and gradient by a float64 reference, over batches', async () => {
  const sample = fc.record({
    logit: fc.float({ min: -20, max: 20, noNaN: true }),
    target: fc.constantFrom(0, 1, 0.25),
    sampleWeight: fc.constantFrom(0, 0.125, 1, 3.5),
  });
  const samples = fc.array(sample, { minLength: 1, maxLength: 70 });
  const smoothing = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.99, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(samples, smoothing, async (batch, labelSmoothing) => {
      const n = batch.length;
      const [logits, targets, sampleWeights] = [
        batch.map(({ logit }) => logit),
        batch.map(({ target }) => target),
        batch.map(({ sampleWeight }) => sampleWeight),
      ];
      const [probabilities, gradient, loss] = [4 * n, 4 * n, 8].map((bytes) => engine.allocate(bytes));
      const inputs = [logits, targets, sampleWeights].map(put);
      const args = [...inputs, probabilities, gradient, loss, labelSmoothing, n];
      await engine.run([{ kernel: 'binaryCrossEntropy', args, chunks: 1 }]);

      const lossOf = (values: ArrayLike<number>) =>
        crossEntropy(values, targets, sampleWeights, labelSmoothing);
      const shape = [n];
      const expected = finiteDifferences({ shape, data: logits }, [...logits.keys()], ({ data }) =>
        lossOf(data),
      );
      const value = new Float64Array(engine.memory.buffer, loss, 1);
      expect(difference({ shape: [1], data: value }, { shape: [1], data: [lossOf(logits)] })).toBeLessThan(
        1e-12,
      );
      expect(difference({ shape, data: engine.f32(gradient, n) }, { shape, data: expected })).toBeLessThan(
        3e-7,
      );
      const sigmoids = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
      expect(
        difference({ shape, data: engine.f32(probabilities, n) }, { shape, data: sigmoids }),
      ).toBeLessThan(1e-7);
    }),
  );
});

test('a logit that is not a number gives a loss that is not a number', async () => {
  const [logits, targets, weights] = [
    [Number.NaN, 1],
    [0, 1],
    [1, 1],
  ].map(put);
  const [probabilities, gradient, loss] = [engine.allocate(8), engine.allocate(8), engine.allocate(8)];
  const args = [logits, targets, weights, probabilities, gradient, loss, 0, 2];
  await engine.run([{ kernel: 'binaryCrossEntropy', args, chunks: 1 }]);
  expect(new Float64Array(engine.memory.buffer, loss, 1)[0]).toBeNaN();
  expect(engine.f32(probabilities, 2)[0]).toBeNaN();
});

test('the L2 penalty and its gradient equal Keras', async () => {
  const fixture = JSON.parse(readFileSync(new URL('l2.json', folder), 'utf8'));
  const kernel: number[] = fixture.kernel;
  const before = kernel.map((_, i) => i / 16);
  const gradient = put(before);
  const loss = engine.allocate(8);
  new Float64Array(engine.memory.buffer, loss, 1)[0] = 3;
  const parts = engine.allocate(8 * 3);
  // Three chunks, the last with a rest that is no whole vector.
  const args = [put(kernel.slice(0, 11)), gradient, parts, fixture.l2, 11, 4];
  await engine.run([
    { kernel: 'l2Penalty', args, chunks: 3 },
    { kernel: 'addDoubles', args: [parts, loss, 3], chunks: 1 },
  ]);
  const added = new Float64Array(engine.memory.buffer, loss, 1)[0] - 3;
  expect(added).toBeCloseTo(fixture.penalty - fixture.l2 * kernel[11] ** 2, 8);
  const expected = before.map((value, i) => value + (i < 11 ? fixture.gradient[i] : 0));
  expectClose(engine.f32(gradient, 12), expected);
});

test('the L2 penalty: value and gradient by a float64 reference, over lengths and cuts', async () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 200 }),
    perChunk: fc.integer({ min: 1, max: 16 }).map((vectors) => 4 * vectors),
    strength: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async ({ length, perChunk, strength }, seed) => {
      const chunks = Math.ceil(length / perChunk);
      const [kernel, before] = [distinctValues([length], seed, 0), distinctValues([length], seed, 1)];
      const [gradient, parts, loss] = [put(before.data), engine.allocate(8 * chunks), engine.allocate(8)];
      const value = new Float64Array(engine.memory.buffer, loss, 1).fill(0.5);
      const args = [put(kernel.data), gradient, parts, strength, length, perChunk];
      await engine.run([
        { kernel: 'l2Penalty', args, chunks },
        { kernel: 'addDoubles', args: [parts, loss, chunks], chunks: 1 },
      ]);
      const own = finiteDifferences(kernel, [...kernel.data.keys()], ({ data }) => l2Penalty(data, strength));
      const expected = { shape: [length], data: own.map((change, i) => before.data[i] + change) };
      expect(difference({ shape: [length], data: engine.f32(gradient, length) }, expected)).toBeLessThan(
        3e-7,
      );
      expect(value[0] - 0.5).toBeCloseTo(l2Penalty(kernel.data, strength), 5);
    }),
  );
});

function put(values: readonly number[]): number {
  const address = engine.allocate(4 * values.length);
  engine.f32(address, values.length).set(values);
  return address;
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value) + 1e-7);
  });
}
