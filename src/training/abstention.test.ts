import { expect, test } from 'vitest';
import { drawCells } from '../cells/draw.ts';
import { encodePng } from '../cells/encode.ts';
import { GiemsaError } from '../cells/errors.ts';
import type { EngineMath } from '../engine/engine.ts';
import { plateletScores } from '../model/platelet.ts';
import type { Outputs, Predictor } from '../network/predictor.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { type AbstentionInput, fitAbstention } from './abstention.ts';
import { gatherOutputs } from './outputs.ts';

/** An image here is one number: the cell's, and more by this where a platelet is drawn on it. */
const UNDER_PLATELET = 10_000;

/**
 * Cells in two features: the network goes by the first alone, in which parasites and platelets lie at 4; platelets lie at 2.5 in
 * the other.
 */
function outputsOf(images: Float32Array): Outputs {
  const features = new Float32Array(2 * images.length);
  images.forEach((shown, i) => {
    const draw = random(1, shown);
    const noise = () => draw() + draw() + draw() + draw() - 2;
    const isUnder = shown >= UNDER_PLATELET;
    features.set([(isUnder || shown % 2 === 1 ? 4 : 0) + noise(), (isUnder ? 2.5 : 0) + noise()], 2 * i);
  });
  const logits = Float32Array.from(images, (_, i) => 4 * (features[2 * i] - 2));
  return { features, logits, probabilities: logits.map((logit) => 1 / (1 + Math.exp(-logit))) };
}

/** Cells with odd numbers are parasitized. */
function inputOf(cells: AbstentionInput['cells'], train: number): AbstentionInput {
  let images = new Float32Array(0);
  const rest = Uint32Array.from({ length: cells.length - train }, (_, i) => train + i);
  return {
    recipe: { training: { batch: 64, outlier: true } } as Recipe,
    predictor: {
      images: (n: number) => (images = new Float32Array(n)),
      outputs: async () => outputsOf(images),
    } as unknown as Predictor,
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          const more = request.as === 'under a platelet' ? UNDER_PLATELET : 0;
          yield { request, pixels: Float32Array.from(request.cells, (cell) => cell + more) };
        }
      },
    },
    parts: {
      targets: Uint8Array.from(cells, (_, i) => i % 2),
      train: Uint32Array.from({ length: train }, (_, i) => i),
      val: rest,
      predicted: rest,
    },
    math: { exp: Math.exp } as EngineMath,
    onProgress: () => {},
    cells,
  };
}

const [{ image }] = drawCells({ count: 1, seed: 1 });
const png = encodePng(image);
const blackPng = encodePng({ ...image, data: new Uint8Array(image.data.length) });
const THRESHOLD = 0.5;

/**
 * Of so many cells to train on and to validate on; `called`: scores of the cells that its share of doubts is of.
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
  const judged = val > 0 ? predicted : await gatherOutputs(input, 'predictions', input.parts.train);
  const called = plateletScores(abstaining.platelet, judged.features).filter(
    (_, i) => judged.probabilities[i] >= THRESHOLD,
  );
  return { input, abstaining, called };
}

test('cells under a platelet are told from parasites, of which few are doubted', async () => {
  const { input, abstaining, called } = await fitted(1200, 800);
  const doubted = called.filter((score) => score > 0).length;
  expect(doubted).toBe(Math.floor(0.0075 * called.length));
  expect(doubted).toBeGreaterThan(1);
  expect(abstaining.reasons).toContain('perhaps a platelet');
  expect(abstaining.abstention.platelet?.scaledOn).toBe(
    'val, at most 0.75 % of the cells called parasitized',
  );

  const uninfected = input.parts.val.filter((number) => number % 2 === 0);
  const under = await gatherOutputs(input, 'predictions', uninfected, 'under a platelet');
  expect(Math.min(...under.probabilities)).toBeGreaterThan(THRESHOLD);
  const found = plateletScores(abstaining.platelet, under.features).filter((score) => score > 0);
  expect(found.length).toBeGreaterThan(0.9 * uninfected.length);
});

test('of a hundred called parasitized none is doubted', async () => {
  const { called } = await fitted(400, 120);
  expect(called.length).toBeGreaterThan(40);
  expect(called.filter((score) => score > 0)).toEqual(new Float32Array(0));
});

test('without a validation part the training cells say which scores are usual', async () => {
  const { abstaining, called } = await fitted(1200, 0);
  expect(called.filter((score) => score > 0)).toHaveLength(Math.floor(0.0075 * called.length));
  expect(abstaining.abstention.platelet?.scaledOn).toBe(
    'train, at most 0.75 % of the cells called parasitized',
  );
  expect(abstaining.abstention.band).toBeNull();
});

test('images that are doubted leave the band near to the threshold its room', async () => {
  const near = ({ reasons }: Awaited<ReturnType<typeof fitted>>['abstaining']) =>
    reasons.filter((reason) => reason === 'too near to the threshold to call').length;
  const [usual, smeared] = [await fitted(1200, 800), await fitted(1200, 800, 40)];
  expect(near(usual.abstaining)).toBeGreaterThan(3);
  expect(near(usual.abstaining)).toBeLessThanOrEqual(0.03 * 800);
  expect(smeared.abstaining.reasons.slice(-40)).not.toContain(null);
  expect(near(smeared.abstaining)).toBeGreaterThan(3);
  expect(usual.abstaining.abstention.chosenOn).toBe('val, at most 3 % too near to the threshold');
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
