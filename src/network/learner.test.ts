import { afterAll, beforeAll, expect, test } from 'vitest';
import { smallBatch, smallNetwork } from '../../test/support/small-network.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { resolve } from './graph.ts';
import { initialWeights } from './initial-weights.ts';
import { createLearner, type Learner, type StepResult } from './learner.ts';
import type { LearnerOptions } from './learner-options.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

function learnerWith(options: Partial<LearnerOptions> = {}): Promise<Learner> {
  const weights = initialWeights(resolve(smallNetwork), 1, engine.math);
  return createLearner(engine, smallNetwork, weights, {
    batch: 16,
    seed: 5,
    optimiser: { type: 'adamw', weightDecay: 0.01 },
    ...options,
  });
}

async function train(learner: Learner, steps: number, first = 1, n = 16): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (let step = first; step < first + steps; step++) {
    const { images, targets } = smallBatch(n, step);
    learner.images(n).set(images);
    learner.targets(n).set(targets);
    results.push(await learner.step(n, { learningRate: 3e-3, step }));
  }
  return results;
}

test('learns', async () => {
  const results = await train(await learnerWith(), 80);
  expect(results[0].loss).toBeGreaterThan(0.5);
  expect(results[79].loss).toBeLessThan(0.3);
  expect(results[79].probabilities).toHaveLength(16);
});

test('fused and unfused plans agree', async () => {
  const [fused, alone] = [await learnerWith(), await learnerWith({ fuse: false })];
  const [a, b] = [await train(fused, 3), await train(alone, 3)];
  a.forEach(({ loss }, i) => {
    expect(Math.abs(loss - b[i].loss)).toBeLessThan(1e-4);
  });
});

test('a restored state goes on bit for bit', async () => {
  const options = { average: { decay: 0.9 }, clip: 1 };
  const whole = await learnerWith(options);
  await train(whole, 3);
  const state = whole.state();
  await train(whole, 2, 4);
  const resumed = await learnerWith(options);
  resumed.restore(state);
  await train(resumed, 2, 4);
  expect(resumed.state()).toEqual(whole.state());
  expect(resumed.weights('average')).toEqual(whole.weights('average'));
});

test('a state of another training is refused', async () => {
  const [adam, sgd] = [await learnerWith(), await learnerWith({ optimiser: { type: 'sgd', momentum: 0.9 } })];
  expect(() => adam.restore(sgd.state())).toThrow(/does not fit this training: .* values/);
});

test('a smaller batch is the same as a learner of that size', async () => {
  const [large, small] = [await learnerWith(), await learnerWith({ batch: 5 })];
  const [a, b] = [await train(large, 2, 1, 5), await train(small, 2, 1, 5)];
  expect(a).toEqual(b);
  expect(() => large.images(17)).toThrow('A batch must have 1 to 16 images; it has 17.');
});

test('an image of weight 0 has no influence but on the batch statistics', async () => {
  const [a, b] = [await learnerWith(), await learnerWith()];
  for (const [learner, target] of [[a, 0] as const, [b, 1] as const]) {
    const { images, targets } = smallBatch(16, 1);
    learner.images(16).set(images);
    learner.targets(16).set(targets.with(7, target));
    learner.sampleWeights(16)[7] = 0;
  }
  const settings = { learningRate: 1e-2, step: 1 };
  expect(await a.step(16, settings)).toEqual(await b.step(16, settings));
  expect(a.state()).toEqual(b.state());
});

test('dropout is a function of seed and step', async () => {
  const loss = async (seed: number, step: number) => {
    const learner = await learnerWith({ seed });
    const { images, targets } = smallBatch(16, 1);
    learner.images(16).set(images);
    learner.targets(16).set(targets);
    return (await learner.step(16, { learningRate: 1e-3, step })).loss;
  };
  const first = await loss(1, 1);
  expect(await loss(1, 1)).toBe(first);
  expect(await loss(1, 2)).not.toBe(first);
  expect(await loss(2, 1)).not.toBe(first);
});

test('a network that does not end in one logit is refused', async () => {
  const network = { ...smallNetwork, layers: smallNetwork.layers.slice(0, -1) };
  const weights = initialWeights(resolve(network), 1, engine.math);
  const options: LearnerOptions = { batch: 2, seed: 1, optimiser: { type: 'sgd' } };
  await expect(createLearner(engine, network, weights, options)).rejects.toThrow(
    'The last layer, dropout-1 (dropout), must give one logit, shape [1]; it gives [12].',
  );
});

test('weights of another network are refused by name and shape', async () => {
  const weights = new Map(initialWeights(resolve(smallNetwork), 1, engine.math));
  weights.delete('branch/gamma');
  const options: LearnerOptions = { batch: 2, seed: 1, optimiser: { type: 'sgd' } };
  await expect(createLearner(engine, smallNetwork, weights, options)).rejects.toThrow(
    'Weights do not fit the network: branch/gamma has shape [8]; the weights lack it.',
  );
});
