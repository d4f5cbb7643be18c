import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { PlateletDetector } from '../model/platelet.ts';
import { createPredictor } from '../network/predictor.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { fitPlatelet, type PlateletInput, shiftedPlatelet } from './fit-platelet.ts';
import type { BatchRequest } from './pixels.ts';

const SIDE = 8;
const SIZE = SIDE * SIDE * 3;

/** Noise; a platelet is a bright square of 4 x 4 pixels, a parasite a bright ring of as many. */
function imageOf(cell: number, epoch: number, isUnderPlatelet: boolean, isParasitized: boolean) {
  const draw = random(7, cell, epoch);
  const image = Float32Array.from({ length: SIZE }, () => 0.3 * draw());
  const [top, left] = [Math.floor(3 * draw()), Math.floor(3 * draw())];
  const isLit = (y: number, x: number) => {
    if (isUnderPlatelet) return y < 4 && x < 4;
    return isParasitized && (y === 0 || x === 0 || y === 4 || x === 4);
  };
  for (let y = 0; y < 5; y++)
    for (let x = 0; x < 5; x++)
      if (isLit(y, x)) image.fill(0.9, at(top + y, left + x), at(top + y, left + x) + 3);
  return image;
}
const at = (y: number, x: number) => 3 * (SIDE * y + x);

/** Cells with odd numbers are parasitized. */
function inputOf(cells: number, asked: BatchRequest[] = []): PlateletInput {
  return {
    recipe: { preprocessing: { height: SIDE, width: SIDE }, training: { batch: 64 } } as Recipe,
    engine,
    seed: 3,
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          asked.push(request);
          const { epoch, isUnderPlatelet = false } = request.as as {
            epoch: number;
            isUnderPlatelet?: boolean;
          };
          const pixels = new Float32Array(SIZE * request.cells.length);
          for (const [i, cell] of request.cells.entries()) {
            pixels.set(imageOf(cell, epoch, isUnderPlatelet, cell % 2 === 1), i * SIZE);
          }
          yield { request, pixels };
        }
      },
    },
    parts: {
      targets: Uint8Array.from({ length: cells }, (_, i) => i % 2),
      train: Uint32Array.from({ length: cells }, (_, i) => i),
      val: new Uint32Array(0),
      predicted: new Uint32Array(0),
    },
    onProgress: () => {},
  };
}

/** Of cells that it was not trained on. */
async function scoresOf({ network, weights }: PlateletDetector, isUnderPlatelet: boolean) {
  const predictor = createPredictor(engine, network, weights, 64);
  const images = predictor.images(64);
  for (let i = 0; i < 64; i++)
    images.set(imageOf(10_000 + i, 1, isUnderPlatelet, !isUnderPlatelet), i * SIZE);
  return predictor.logits(64);
}

async function fitted(input: PlateletInput): Promise<PlateletDetector> {
  const detector = await fitPlatelet(input);
  if (!detector) throw new Error('it diverges');
  return detector;
}

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

describe('of cells drawn by hand', () => {
  const asked: BatchRequest[] = [];
  let detector: PlateletDetector;
  beforeAll(async () => {
    detector = await fitted(inputOf(1000, asked));
  });

  test('platelets on cells not seen before are told from parasites', async () => {
    expect((await scoresOf(detector, true)).filter((score) => score > 0).length).toBeGreaterThan(60);
    expect((await scoresOf(detector, false)).filter((score) => score > 0).length).toBeLessThan(4);
  });

  test('only uninfected cells get a platelet, another each epoch, and as many of each kind go into a step', () => {
    for (const [i, { cells, as }] of asked.entries()) {
      expect(cells).toHaveLength(32);
      const isUnder = typeof as === 'object' && as.isUnderPlatelet === true;
      expect(isUnder).toBe(i % 2 === 0);
      expect(cells.every((cell) => cell % 2 === (isUnder ? 0 : 1))).toBe(true);
    }
    const epochs = new Set(asked.map(({ as }) => typeof as === 'object' && as.epoch));
    expect(epochs).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    const first = asked.filter(({ as }) => typeof as === 'object' && as.epoch === 1 && as.isUnderPlatelet);
    expect(new Set(first.flatMap(({ cells }) => [...cells])).size).toBe(32 * first.length);
  });

  test('the same cells and seed give the same weights', async () => {
    const again = await fitted(inputOf(1000));
    expect([...again.weights]).toEqual([...detector.weights]);
  });

  test('a shifted score is lower by so much', async () => {
    const [before, after] = [
      await scoresOf(detector, true),
      await scoresOf(shiftedPlatelet(detector, 0.25), true),
    ];
    for (const [i, score] of after.entries()) expect(score).toBeCloseTo(before[i] - 0.25, 5);
  });
});

test('two cells, one of each label, are enough to go through', async () => {
  const { weights } = await fitted(inputOf(2));
  for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
});

test('pixels far beyond 1 make it diverge: there is no detector then', async () => {
  const input = inputOf(20);
  const pixels: PlateletInput['pixels'] = {
    async *batches(requests) {
      for await (const batch of input.pixels.batches(requests)) {
        yield { ...batch, pixels: batch.pixels.map((value) => 1e38 * value) };
      }
    },
  };
  expect(await fitPlatelet({ ...input, pixels })).toBeUndefined();
});

test('what progress throws ends it', async () => {
  const reason = new Error('enough');
  let calls = 0;
  const onProgress = () => {
    if (++calls === 3) throw reason;
  };
  await expect(fitPlatelet({ ...inputOf(1000), onProgress })).rejects.toBe(reason);
});
