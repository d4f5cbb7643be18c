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
