import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Learner } from '../network/learner.ts';
import type { Weights } from '../network/network.ts';
import type { Predictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { PartFigures } from './history.ts';
import { type Ended, type LoopInput, trainLoop } from './loop.ts';
import type { PixelSource } from './pixels.ts';
import { fromCheckpoint, type LoopState, startOfTraining, toCheckpoint } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'giemsa-loop-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One weight, pulled towards each batch's mean target with momentum: enough state to notice a wrong resume. */
function fakeLearner(batch: number): Learner {
  const values = { weight: new Float32Array(1), velocity: new Float32Array(1) };
  const images = new Float32Array(batch);
  const targets = new Float32Array(batch);
  const sampleWeights = new Float32Array(batch).fill(1);
  return {
    images: (n: number) => images.subarray(0, n),
    targets: (n: number) => targets.subarray(0, n),
    sampleWeights: (n: number) => sampleWeights.subarray(0, n),
    async step(n: number, { learningRate, step }: { learningRate: number; step: number }) {
      const probabilities = images.slice(0, n).map((x) => x * 0.001 + values.weight[0]);
      const mean = targets.subarray(0, n).reduce((sum, x) => sum + x, 0) / n;
      values.velocity[0] = 0.9 * values.velocity[0] + (mean - values.weight[0]) / step;
      values.weight[0] += learningRate * values.velocity[0];
      return { loss: Math.abs(mean - values.weight[0]), probabilities };
    },
    weights: (): Weights => new Map([['w', { shape: [1], trainable: true, data: values.weight.slice() }]]),
    state: () => new Map(Object.entries(values).map(([name, data]) => [name, data.slice()])),
    restore(state: Map<string, Float32Array>) {
      values.weight.set(state.get('weight') ?? []);
      values.velocity.set(state.get('velocity') ?? []);
    },
  };
}

function fakePredictor(batch: number): Predictor {
  const images = new Float32Array(batch);
  let weight = 0;
  return {
    images: (n: number) => images.subarray(0, n),
    predict: async (n: number) => images.slice(0, n).map((x) => x * 0.001 + weight),
    logits: () => Promise.reject(new Error('training asks for probabilities')),
    outputs: () => Promise.reject(new Error('training asks for probabilities')),
    load: (weights: Weights) => {
      weight = weights.get('w')?.data[0] ?? Number.NaN;
    },
  };
}

/** The "image" of a cell is its number, plus the epoch where it is augmented. */
const pixels: PixelSource = {
  async *batches(requests) {
    for (const request of requests) {
      yield {
        request,
        pixels: Float32Array.from(
          request.cells,
          (cell) => cell + (typeof request.as === 'string' ? 0 : request.as.epoch),
        ),
      };
    }
  },
};

const batch = 4;
const recipe = {
  name: 'fake',
  training: {
    epochs: 3,
    batch,
    schedule: { type: 'one-cycle', peak: 0.1, warmUp: 0.3 },
    keep: { metric: 'loss' },
  },
} as unknown as Recipe;

interface Trained {
  readonly learner: Learner;
  readonly state: LoopState;
  readonly ended: Ended;
}

/** 10 training cells (3 steps an epoch), 5 for validation (2 batches); stops after `stopAfter` batches. */
async function trainFake(
  changes: Partial<Recipe['training']> = {},
  options: {
    stopAfter?: number;
    from?: string;
    valLosses?: number[];
    weights?: Float32Array;
    noNumberIn?: number;
  } = {},
): Promise<Trained> {
  const learner = fakeLearner(batch);
  const state = options.from
    ? fromCheckpoint(await readCheckpoint(options.from), learner)
    : startOfTraining(10);
  let done = 0;
  const figures = (probabilities: Float32Array, targets: Uint8Array): PartFigures => ({
    loss:
      (targets.length === 5 && options.valLosses?.[state.epoch - 1]) ||
      probabilities.reduce((sum, p, i) => sum + Math.abs(p - targets[i]), 0),
    accuracy: probabilities[0],
    rocAuc: null,
    sensitivity: null,
    specificity: null,
  });
  const predictor = fakePredictor(batch);
  const input: LoopInput = {
    recipe: { ...recipe, training: { ...recipe.training, ...changes } },
    seed: 5,
    learner,
    predictor: {
      ...predictor,
      predict: async (n) =>
        state.epoch === options.noNumberIn ? new Float32Array(n).fill(Number.NaN) : predictor.predict(n),
    },
    pixels,
    train: Uint32Array.from({ length: 10 }, (_, i) => i),
    val: Uint32Array.from({ length: 5 }, (_, i) => 10 + i),
    targets: Uint8Array.from({ length: 15 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    ...(options.weights && { sampleWeights: options.weights }),
    figures,
    penalty: () => 0,
    resultBatches: 0,
    afterBatch: async () => (++done === options.stopAfter ? 'interrupted' : undefined),
    afterEpoch: async () => {},
    onStep: () => {},
  };
  return { learner, state, ended: await trainLoop(input, state) };
}

const comparable = ({ learner, state }: Trained) => ({
  weights: [...learner.state()],
  best: state.best,
  history: state.history.map(({ seconds: _seconds, ...row }) => row),
});

describe('stopped after any batch and resumed from the checkpoint', async () => {
  const whole = await trainFake();
  test('the uninterrupted run has an epoch a row', () => {
    expect(whole.state.history.map((row) => row.epoch)).toEqual([1, 2, 3]);
  });
  // 3 epochs of 3 steps and 2 validation batches; the last one ends the run.
  test.each(Array.from({ length: 14 }, (_, i) => i + 1))('after %i: the same bits', async (stopAfter) => {
    const first = await trainFake({}, { stopAfter });
    expect(first.ended).toBe('interrupted');
    const path = join(folder, `after-${stopAfter}`);
    await writeCheckpoint(path, toCheckpoint(first.state, first.learner, 'settings'));
    const second = await trainFake({}, { from: path });
    expect(second.ended).toBe('finished');
    expect(comparable(second)).toEqual(comparable(whole));
  });
});

test('every cell has its weight, in the order of its batch; where none are given all stay 1', async () => {
  const weights = Float32Array.from({ length: 15 }, (_, i) => 1 + i);
  const { learner } = await trainFake({}, { weights });
  // The image of a cell in the third epoch is its number + 3; the last batch of the ten has two cells.
  expect(learner.images(2)).toEqual(learner.sampleWeights(2).map((weight) => weight - 1 + 3));
  expect([...(await trainFake()).learner.sampleWeights(batch)]).toEqual([1, 1, 1, 1]);
});

test('the best epoch is kept: lowest for the loss', async () => {
  const { state } = await trainFake({}, { valLosses: [3, 1, 2] });
  expect(state.best).toMatchObject({ epoch: 2, value: 1 });
});

test('where the last epoch is kept, none is stored', async () => {
  expect((await trainFake({ keep: 'last' })).state.best).toBeUndefined();
});

test('early stopping ends after `patience` epochs without a better value, and stays ended when resumed', async () => {
  const changes = { epochs: 9, earlyStopping: { metric: 'loss', patience: 2 } } as const;
  const first = await trainFake(changes, { valLosses: [3, 1, 1, 2, 0.5] });
  expect(first.ended).toBe('finished');
  expect(first.state.history.length).toBe(4);
  const path = join(folder, 'early');
  await writeCheckpoint(path, toCheckpoint(first.state, first.learner, 'settings'));
  const second = await trainFake(changes, { from: path });
  expect(second.state.history.length).toBe(4);
});

test('the learning rate in the history is that of the last step of the epoch', async () => {
  const { state } = await trainFake({ schedule: { type: 'warm-up-cosine', peak: 1, warmUp: 1 } });
  expect(state.history.map((row) => row.learningRate)).toEqual([3 / 9, 6 / 9, 1]);
});

test.each([1, 3])('an output that the last step of epoch %i made no number ends training', async (epoch) => {
  await expect(trainFake({}, { noNumberIn: epoch })).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringContaining(`after epoch ${epoch}, at`),
  });
});

test('a checkpoint without the weights that were kept is damaged, and not the current ones in their place', async () => {
  const path = join(folder, 'without-best');
  const { state, learner } = await trainFake();
  const { arrays, ...rest } = toCheckpoint(state, learner, 'settings');
  for (const lost of ['best/w', 'epoch/probabilities']) {
    await writeCheckpoint(path, { ...rest, arrays: new Map([...arrays].filter(([name]) => name !== lost)) });
    await expect(trainFake({}, { from: path })).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining(lost),
    });
  }
});
