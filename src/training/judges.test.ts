import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import { colourLogOdds, colourStatistics, STATISTICS } from '../model/colours.ts';
import type { Network, Weights } from '../network/network.ts';
import { createPredictor } from '../network/predictor.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { withColourRegression } from './judges.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const side = 9;
const network: Network = {
  input: { height: side, width: side, channels: 3 },
  layers: [{ type: 'flatten' }, { type: 'dense', units: 1 }],
};
const values = 3 * side * side;
const weights: Weights = new Map([
  ['dense-1/kernel', { shape: [values, 1], trainable: true, data: new Float32Array(values).fill(0.5) }],
  ['dense-1/bias', { shape: [1], trainable: true, data: Float32Array.of(-2) }],
]);
const preprocessing = { height: side, width: side, scale: 1 / 255, offset: 0 };
const recipe = { network, preprocessing, training: { batch: 8, colours: 0.25 } } as unknown as Recipe;

/** Cells to the edge of their image; those of label 1 are greener. */
async function judgesOf(labels: readonly number[]) {
  const draw = random(1, 1);
  const images = labels.map((label) =>
    Float32Array.from({ length: values }, (_, i) => 0.4 + 0.3 * draw() + (i % 3 === 1 ? 0.3 * label : 0)),
  );
  const train = Uint32Array.from(labels.keys());
  const result = await withColourRegression({
    recipe,
    weights,
    predictor: createPredictor(engine, network, weights, 8),
    math: engine.math,
    onProgress: () => {},
    parts: { targets: Uint8Array.from(labels), train, val: train, predicted: train },
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          const pixels = new Float32Array(values * request.cells.length);
          for (const [i, cell] of request.cells.entries()) pixels.set(images[cell], i * values);
          yield { request, pixels };
        }
      },
    },
  });
  return { ...result, images };
}

test('colours get their share of the log-odds and the network the rest', async () => {
  const labels = Array.from({ length: 80 }, (_, i) => i % 2);
  const { judges, said, images } = await judgesOf(labels);
  expect(said).toEqual({ method: 'logistic', share: 0.25 });
  expect(judges.weights.get('dense-1/kernel')?.data[0]).toBe(0.375);
  expect(judges.weights.get('dense-1/bias')?.data[0]).toBe(-1.5);
  const { colours } = judges;
  const statistics = new Float64Array(STATISTICS);
  for (const [i, image] of images.entries()) {
    expect(colourStatistics(image, 0, preprocessing, statistics, 0)).toBe(true);
    expect(colours && colourLogOdds(colours, statistics) > 0).toBe(labels[i] === 1);
  }
});

test.each([
  ['few cells', 30],
  ['no cells', 0],
])('of %s of a label nothing is learnt, and it is said', async (_, count) => {
  const { judges, said } = await judgesOf(Array.from({ length: 80 }, (_, i) => (i < count / 2 ? 1 : 0)));
  expect(judges).toEqual({ weights });
  expect(said).toEqual({
    method: 'none',
    reason: 'fewer than 20 training cells of a label whose colours can be told',
  });
});
