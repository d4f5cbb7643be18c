import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
