import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawCells } from '../cells/draw.ts';
import { encodePng } from '../cells/encode.ts';
import { GiemsaError } from '../cells/errors.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { createPredictor, type Outputs, type Predictor } from '../network/predictor.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { type AbstentionInput, fitAbstention } from './abstention.ts';
import type { CellsAs } from './fill-task.ts';
import { gatherOutputs } from './outputs.ts';

const SIDE = 8;
const SIZE = SIDE * SIDE * 3;
/** Of all cells this share of the numbers, which the network takes for parasitized, have a platelet in truth. */
const MISTAKEN = 100;

/**
 * An image here is the number of the cell, in its first value, and elsewhere .8 where it has a platelet, .2 where not, and noise.
 */
function imageOf(cell: number, as: CellsAs): Float32Array {
  const { epoch, isUnderPlatelet = false } = as === 'in inference' ? { epoch: 0 } : as;
  const draw = random(2, cell, epoch);
  const level = isUnderPlatelet || cell % MISTAKEN === 1 ? 0.8 : 0.2;
  const image = Float32Array.from({ length: SIZE }, () => level + 0.5 * (draw() - 0.5));
  image[0] = cell / NUMBERS;
  return image;
}
const NUMBERS = 2 ** 14;

/** Cells in one feature, by which the network goes: cells with odd numbers lie at 4. */
function outputsOf(images: Float32Array): Outputs {
  const features = Float32Array.from({ length: images.length / SIZE }, (_, i) => {
    const cell = Math.round(NUMBERS * images[i * SIZE]);
    const draw = random(1, cell);
    return (cell % 2 === 1 ? 4 : 0) + draw() + draw() + draw() + draw() - 2;
  });
  const logits = features.map((feature) => 4 * (feature - 2));
  return { features, logits, probabilities: logits.map((logit) => 1 / (1 + Math.exp(-logit))) };
}

/** Cells with odd numbers are parasitized. */
function inputOf(cells: AbstentionInput['cells'], train: number): AbstentionInput {
  let images = new Float32Array(0);
  const rest = Uint32Array.from({ length: cells.length - train }, (_, i) => train + i);
  const preprocessing = { height: SIDE, width: SIDE };
  return {
    recipe: { preprocessing, training: { batch: 64, outlier: true } } as Recipe,
    engine,
    seed: 1,
    predictor: {
      images: (n: number) => (images = new Float32Array(n * SIZE)),
      outputs: async () => outputsOf(images),
    } as unknown as Predictor,
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          const pixels = new Float32Array(SIZE * request.cells.length);
          for (const [i, cell] of request.cells.entries()) pixels.set(imageOf(cell, request.as), i * SIZE);
          yield { request, pixels };
        }
      },
    },
    parts: {
      targets: Uint8Array.from(cells, (_, i) => i % 2),
      train: Uint32Array.from({ length: train }, (_, i) => i),
      val: rest,
      predicted: rest,
    },
    math: engine.math,
    onNote: () => {},
    onProgress: () => {},
    cells,
  };
}

test('where the network that tells platelets diverges, the model does not abstain, and that is told', async () => {
  const cells = Array.from({ length: 80 }, (_, i) => ({ path: `${i}.png`, read: async () => png }));
  const input = inputOf(cells, 40);
  const pixels: AbstentionInput['pixels'] = {
    async *batches(requests) {
      for await (const batch of input.pixels.batches(requests)) {
        const isTrainedOn = batch.request.as !== 'in inference';
        yield isTrainedOn ? { ...batch, pixels: batch.pixels.map((value) => 1e38 * value) } : batch;
      }
    },
  };
  const notes: string[] = [];
  const diverging = { ...input, pixels, onNote: (message: string) => notes.push(message) };
  const predicted = await gatherOutputs(diverging, 'predictions', input.parts.predicted);
  expect(await fitAbstention(diverging, THRESHOLD, predicted)).toBeUndefined();
  expect(notes).toEqual([expect.stringContaining('could not be trained')]);
});

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const [{ image }] = drawCells({ count: 1, seed: 1 });
const png = encodePng(image);
const blackPng = encodePng({ ...image, data: new Uint8Array(image.data.length) });
const THRESHOLD = 0.5;

/**
 * Of so many cells to train on and to validate on; `doubted`: how many of the `called` ones that the share of doubts is of.
 * @param black how many of the validation cells are black images
 */
async function fitted(train: number, val: number, black = 0) {
  const cells = Array.from({ length: train + val }, (_, i) => ({
    path: `${i}.png`,
    read: async () => (i < train + val - black ? png : blackPng),
  }));
  const input = inputOf(cells, train);
  const predicted = await gatherOutputs(input, 'predictions', input.parts.predicted);
  const abstaining = await fitAbstention(input, THRESHOLD, predicted);
  if (!abstaining) throw new Error('it abstains');
  const judged = val > 0 ? input.parts.predicted : input.parts.train;
  const called = judged.filter((cell) => cell % 2 === 1);
  const { network, weights } = abstaining.platelet;
  const detector = createPredictor(engine, network, weights, called.length);
  for (const [i, cell] of called.entries()) {
    detector.images(called.length).set(imageOf(cell, 'in inference'), i * SIZE);
  }
  const doubted = (await detector.logits(called.length)).filter((score) => score > 0).length;
  return { input, abstaining, called: called.length, doubted };
}

test('what looks like a platelet is doubted where it is called parasitized, but of few cells', async () => {
  const { input, abstaining, called, doubted } = await fitted(1200, 800);
  expect(called).toBe(400);
  expect(doubted).toBe(Math.floor(0.02 * called));
  const reasons = abstaining.reasons.map((reason) => reason === 'perhaps a platelet');
  expect(reasons.filter(Boolean).length).toBe(doubted);
  for (const [i, isDoubted] of reasons.entries()) {
    expect(isDoubted).toBe(input.parts.predicted[i] % MISTAKEN === 1);
  }
  expect(abstaining.abstention.platelet?.scaledOn).toBe('val, at most 2 % of the cells called parasitized');
});

test('of a few called parasitized none is doubted', async () => {
  const { called, doubted } = await fitted(400, 90);
  expect(called).toBe(45);
  expect(doubted).toBe(0);
});

test('without a validation part the training cells say which scores are usual', async () => {
  const { abstaining, called, doubted } = await fitted(1200, 0);
  expect(doubted).toBe(Math.floor(0.02 * called));
  expect(abstaining.abstention.platelet?.scaledOn).toBe('train, at most 2 % of the cells called parasitized');
  expect(abstaining.abstention.band).toBeNull();
});

test('images that are doubted leave the band near to the threshold its room', async () => {
  const near = ({ reasons }: Awaited<ReturnType<typeof fitted>>['abstaining']) =>
    reasons.filter((reason) => reason === 'too near to the threshold to call').length;
  const [usual, smeared] = [await fitted(1200, 800), await fitted(1200, 800, 40)];
  expect(near(usual.abstaining)).toBeGreaterThan(3);
  expect(near(usual.abstaining)).toBeLessThanOrEqual(0.025 * 800);
  expect(smeared.abstaining.reasons.slice(-40)).not.toContain(null);
  expect(near(smeared.abstaining)).toBeGreaterThan(3);
  expect(usual.abstaining.abstention.chosenOn).toBe('val, at most 2.5 % too near to the threshold');
});

test('a file that cannot be read any more is named', async () => {
  const read = () => Promise.reject(new GiemsaError('unreadable-file', 'cannot read it: it does not exist'));
  const input = inputOf(
    ['a', 'b', 'c', 'd'].map((name) => ({ path: `cells/${name}.png`, read })),
    4,
  );
  const none = { probabilities: new Float32Array(0), features: new Float32Array(0) };
  await expect(fitAbstention(input, 0.5, none)).rejects.toMatchObject({
    code: 'unreadable-file',
    message: 'cells/a.png: cannot read it: it does not exist',
  });
});
