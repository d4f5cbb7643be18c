import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finiteDifferences } from '../../test/reference/finite-differences.ts';
import { references } from '../../test/reference/layers.ts';
import { crossEntropy, l2Penalty } from '../../test/reference/losses.ts';
import { clipped, movingAverages, optimiserReference } from '../../test/reference/optimisers.ts';
import { distinctValues } from '../../test/support/check-layer.ts';
import { difference } from '../../test/support/close.ts';
import { anyOptimiser, logarithmic } from '../../test/support/optimisers.ts';
import type { Tensor } from '../../test/support/run-layers.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { resolve } from './graph.ts';
import { initialWeights } from './initial-weights.ts';
import { createLearner } from './learner.ts';
import type { Network, Weights } from './network.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

/** A network of two dense layers, how it is trained, and on how many images. */
const trainings = fc.record({
  batch: fc.integer({ min: 1, max: 5 }),
  input: fc.record({
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
    channels: fc.integer({ min: 1, max: 3 }),
  }),
  units: fc.integer({ min: 1, max: 6 }),
  bias: fc.boolean(),
  l2: fc.tuple(fc.constantFrom(0, 1e-3, 0.1), fc.constantFrom(0, 1e-2)),
  // Larger than the gradients' float32 errors: with a smaller one, adam makes whole steps of those.
  optimiser: anyOptimiser(logarithmic(0.02, 0.5)).filter(
    (one) => one.type === 'sgd' || one.epsilon !== undefined,
  ),
  clip: fc.option(logarithmic(0.02, 2), { nil: undefined }),
  decay: fc.double({ min: 0, max: 0.99, noNaN: true }),
  labelSmoothing: fc.constantFrom(0, 0.1, 0.6),
  rates: fc.array(logarithmic(1e-2, 0.3), { minLength: 1, maxLength: 4 }),
});

test('whole steps equal a float64 reference: loss, penalty, clipping, optimiser, average', async () => {
  await fc.assert(
    fc.asyncProperty(trainings, fc.nat({ max: 1e6 }), async (training, seed) => {
      const { batch, input, units, bias, l2, optimiser, clip, decay, labelSmoothing, rates } = training;
      const network: Network = {
        input,
        layers: [
          { type: 'flatten' },
          { type: 'dense', name: 'hidden', units, bias, l2: l2[0] },
          { type: 'silu' },
          { type: 'dense', name: 'last', units: 1, l2: l2[1] },
        ],
      };
      const images = distinctValues([batch, input.height * input.width * input.channels], seed, 0);
      const targets = Array.from({ length: batch }, (_, i) => i % 2);
      const sampleWeights = Array.from({ length: batch }, (_, i) => [1, 0.5, 2, 0][(seed + i) % 4]);
      const initial = initialWeights(resolve(network), seed, engine.math);
      const learner = await createLearner(engine, network, initial, {
        batch,
        seed,
        optimiser,
        average: { decay },
        labelSmoothing,
        ...(clip === undefined ? {} : { clip }),
      });

      /** The loss of all parameters, one after the other. */
      const lossOf = ({ data }: Tensor) => {
        const parameters = parametersOf(initial, data);
        const hidden = references['dense']({ type: 'dense' }, [images], parameters['hidden']);
        const active = references['silu']({ type: 'silu' }, [hidden], {});
        const logits = references['dense']({ type: 'dense' }, [active], parameters['last']);
        return (
          crossEntropy(logits.data, targets, sampleWeights, labelSmoothing) +
          l2Penalty(parameters['hidden']['kernel'].data, l2[0]) +
          l2Penalty(parameters['last']['kernel'].data, l2[1])
        );
      };
      const isKernel = [...initial].flatMap(([key, { data }]) =>
        Array.from(data, () => key.endsWith('/kernel')),
      );
      const reference = optimiserReference(optimiser, (i) => isKernel[i]);
      const steps: number[][] = [];
      let weights = flat(initial);
      for (const [t, learningRate] of rates.entries()) {
        learner.images(batch).set(images.data);
        learner.targets(batch).set(targets);
        learner.sampleWeights(batch).set(sampleWeights);
        const result = await learner.step(batch, { learningRate, step: t + 1 });
        const shape = [weights.length];
        const before = { shape, data: weights };
        expect(Math.abs(result.loss - lossOf(before))).toBeLessThan(1e-5);

        const gradient = finiteDifferences(before, [...weights.keys()], lossOf);
        weights = reference(weights, clip === undefined ? gradient : clipped(gradient, clip), learningRate);
        steps.push(weights);
        expectClose(learner.weights('current'), weights);
        expectClose(learner.weights('average'), movingAverages(steps, decay)[t]);
      }
    }),
    { numRuns: 50 },
  );
});

function expectClose(actual: Weights, expected: readonly number[]): void {
  const shape = [expected.length];
  expect(difference({ shape, data: flat(actual) }, { shape, data: expected })).toBeLessThan(1e-5);
}

function flat(weights: Weights): number[] {
  return [...weights.values()].flatMap(({ data }) => [...data]);
}

/** All parameters by layer and name, cut from their values one after the other. */
function parametersOf(like: Weights, values: ArrayLike<number>): Record<string, Record<string, Tensor>> {
  const parameters: Record<string, Record<string, Tensor>> = {};
  let at = 0;
  for (const [key, { shape, data }] of like) {
    const [layer, name] = key.split('/');
    const own = Array.prototype.slice.call(values, at, at + data.length);
    parameters[layer] = { ...parameters[layer], [name]: { shape, data: own } };
    at += data.length;
  }
  return parameters;
}
