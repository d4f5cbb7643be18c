import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import { calibration } from '../evaluation/calibration.ts';
import type { Network, Weights } from '../network/network.ts';
import { createPredictor } from '../network/predictor.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { calibrate } from './calibrate.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

/** One pixel, whose red channel is the logit of an uncalibrated model. */
const network: Network = {
  input: { height: 1, width: 1, channels: 3 },
  layers: [{ type: 'flatten' }, { type: 'dense', units: 1 }],
};
const weights: Weights = new Map([
  ['dense-1/kernel', { shape: [3, 1], trainable: true, data: Float32Array.of(1, 0, 0) }],
  ['dense-1/bias', { shape: [1], trainable: true, data: Float32Array.of(0) }],
]);
const recipe = { network, training: { batch: 64, calibration: 'temperature' } } as unknown as Recipe;

/** Cells whose logits are these; the labels those of the validation part. */
async function calibrated(logits: readonly number[], labels: readonly number[], of = recipe) {
  const predictor = createPredictor(engine, network, weights, 64);
  const val = Uint32Array.from(logits.keys());
  const result = await calibrate({
    recipe: of,
    weights,
    predictor,
    math: engine.math,
    onProgress: () => {},
    parts: { targets: Uint8Array.from(labels), train: val, val, predicted: val },
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          yield {
            request,
            pixels: Float32Array.from(request.cells, (cell) => logits[cell]).reduce(
              redOnly,
              new Float32Array(3 * request.cells.length),
            ),
          };
        }
      },
    },
  });
  predictor.load(result.judges.weights);
  const after: number[] = [];
  for (const logit of logits) {
    predictor.images(1).set([logit, 0, 0]);
    after.push(...(await predictor.predict(1)));
  }
  return { ...result, after };
}

function redOnly(pixels: Float32Array, logit: number, i: number): Float32Array {
  pixels[3 * i] = logit;
  return pixels;
}

/** Logits of a model that is sure of itself by `slope`, and labels that are drawn by the true probabilities. */
function drawn(count: number, slope: number) {
  const draw = random(1, 2);
  const truths = Array.from({ length: count }, () => 6 * draw() - 3);
  const labels = truths.map((truth) => (draw() < 1 / (1 + Math.exp(-truth)) ? 1 : 0));
  return { logits: truths.map((truth) => truth / slope), labels };
}

test('a temperature that was put in comes back, and the network gives a slope of 1', async () => {
  const { logits, labels } = drawn(4000, 0.5);
  const { calibration: found, after } = await calibrated(logits, labels);
  expect(found).toMatchObject({ method: 'temperature', chosenOn: 'val, 4000 cells' });
  const { temperature } = found as { temperature: number };
  expect(Math.abs(1 / temperature - 0.5)).toBeLessThan(0.04);
  const again = calibration(after, labels);
  expect(Math.abs((again?.slope as number) - 1)).toBeLessThan(0.02);
});

test('what a cell is called at 0.5 stays', async () => {
  const { logits, labels } = drawn(300, 2);
  const { after } = await calibrated(logits, labels);
  expect(after.map((p) => p >= 0.5)).toEqual(logits.map((z) => z >= 0));
});

test('the order of the cells stays', async () => {
  const { logits, labels } = drawn(300, 2);
  const { after } = await calibrated(logits, labels);
  const order = (values: readonly number[]) => [...values.keys()].sort((a, b) => values[a] - values[b]);
  expect(order(after)).toEqual(order(logits));
});

test.each([
  ['one label', [1, 2, 3], [1, 1, 1], 'fewer than 20'],
  ['few cells', [1, 2, 3, 0], [1, 0, 1, 0], 'fewer than 20'],
  ['labels that 0 separates', span(60), span(60).map((z) => (z > 0 ? 1 : 0)), 'none at all'],
  [
    'probabilities the wrong way round',
    span(60),
    span(60).map((z, i) => (z < 0 !== (i % 7 === 0) ? 1 : 0)),
    'the wrong way round',
  ],
])('%s: the weights stay, and the metadata say why', async (_, logits, labels, reason) => {
  const { calibration: found, judges } = await calibrated(logits, labels);
  expect(judges.weights).toBe(weights);
  expect(found).toEqual({ method: 'none', reason: expect.stringContaining(reason) });
});

test('a recipe that does not ask for it changes nothing', async () => {
  const plain = { network, training: { batch: 64 } } as unknown as Recipe;
  const { logits, labels } = drawn(300, 0.5);
  const result = await calibrated(logits, labels, plain);
  expect(result.judges.weights).toBe(weights);
  expect(result).not.toHaveProperty('calibration');
});

function span(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + 0.5 - count / 2) / 10);
}
