import { expect, test } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import { resolve } from '../src/network/graph.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { createLearner } from '../src/network/learner.ts';
import { createPredictor } from '../src/network/predictor.ts';
import { smallBatch, smallNetwork } from './support/small-network.ts';

/** A few steps and a prediction; everything that came out. */
async function trainWith(threads: number) {
  const engine = await createEngine({ threads });
  const weights = initialWeights(resolve(smallNetwork), 1, engine.math);
  const learner = await createLearner(engine, smallNetwork, weights, {
    batch: 24,
    seed: 1,
    optimiser: { type: 'adam' },
    clip: 0.5,
    average: { decay: 0.9 },
  });
  const results = [];
  for (const [step, n] of [24, 24, 7].entries()) {
    const { images, targets } = smallBatch(n, step);
    learner.images(n).set(images);
    learner.targets(n).set(targets);
    results.push(await learner.step(n, { learningRate: 1e-2, step: step + 1 }));
  }
  const predictor = createPredictor(engine, smallNetwork, learner.weights('average'), 24);
  predictor.images(24).set(smallBatch(24, 9).images);
  const probabilities = await predictor.predict(24);
  const state = learner.state();
  await engine.close();
  return { results, probabilities, state };
}

test('one, two and three threads give the same bytes', async () => {
  const one = await trainWith(1);
  expect(await trainWith(2)).toEqual(one);
  expect(await trainWith(3)).toEqual(one);
});

/** Two learners of one engine, whose steps overlap or not. */
async function stepTwo(overlapping: boolean) {
  const engine = await createEngine({ threads: 2 });
  const step = async (seed: number) => {
    const weights = initialWeights(resolve(smallNetwork), seed, engine.math);
    const learner = await createLearner(engine, smallNetwork, weights, {
      batch: 24,
      seed,
      optimiser: { type: 'adam' },
    });
    const { images, targets } = smallBatch(24, seed);
    learner.images(24).set(images);
    learner.targets(24).set(targets);
    const result = await learner.step(24, { learningRate: 1e-2, step: 1 });
    return { result, state: learner.state() };
  };
  const first = step(1);
  if (!overlapping) await first;
  const results = await Promise.all([first, step(2)]);
  await engine.close();
  return results;
}

test('overlapping steps of two learners of one engine give the same bytes as one after the other', async () => {
  expect(await stepTwo(true)).toEqual(await stepTwo(false));
});
