import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Parameters, references } from '../../test/reference/layers.ts';
import type { Tensor } from '../../test/support/run-layers.ts';
import { smallBatch, smallNetwork } from '../../test/support/small-network.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { resolve } from './graph.ts';
import { initialWeights } from './initial-weights.ts';
import type { LayerSpec, Network, Parameter, Weights } from './network.ts';
import { createPredictor } from './predictor.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

/** With running statistics that are not those of a new network. */
function weightsOf(network: Network, seed: number): Weights {
  const weights = initialWeights(resolve(network), seed, engine.math);
  return new Map(
    [...weights].map(([key, parameter]): [string, Parameter] => {
      const data = parameter.trainable
        ? parameter.data
        : parameter.data.map((v, i) => v + 0.1 + 0.05 * (i % 7));
      return [key, { ...parameter, data }];
    }),
  );
}

/** Probabilities by the float64 reference, with running statistics. */
function reference(network: Network, weights: Weights, images: Tensor): number[] {
  const graph = resolve(network);
  const tensors: Tensor[] = [images];
  for (const node of graph.nodes) {
    const spec: LayerSpec = network.layers[node.index];
    const inputs = node.inputs.map((input) => tensors[input]);
    const parameters: Parameters = Object.fromEntries(
      node.parameters.flatMap(({ name, shape }) => {
        const data = weights.get(`${node.name}/${name}`)?.data;
        return data ? [[name, { shape, data }]] : [];
      }),
    );
    if (node.type === 'dropout') tensors.push(inputs[0]);
    else if (node.type === 'batch-normalization') tensors.push(normalize(inputs[0], parameters));
    else tensors.push(references[node.type](spec, inputs, parameters));
  }
  return Array.from(tensors[tensors.length - 1].data, (logit) => 1 / (1 + Math.exp(-logit)));
}

function normalize({ shape, data }: Tensor, { gamma, beta, mean, variance }: Parameters): Tensor {
  const channels = shape[shape.length - 1];
  const values = Array.from(data, (value, i) => {
    const c = i % channels;
    const deviation = Math.sqrt(variance.data[c] + 1e-5);
    return ((value - mean.data[c]) / deviation) * gamma.data[c] + beta.data[c];
  });
  return { shape, data: values };
}

test('probabilities equal the reference, for batches of any size, and after other weights are loaded', async () => {
  const predictor = createPredictor(engine, smallNetwork, weightsOf(smallNetwork, 1), 8);
  for (const [n, seed] of [
    [8, 1],
    [3, 1],
    [1, 2],
    [8, 2],
  ]) {
    const weights = weightsOf(smallNetwork, seed);
    if (seed === 2) predictor.load(weights);
    const { images } = smallBatch(n, seed);
    predictor.images(n).set(images);
    const probabilities = await predictor.predict(n);
    const { height, width, channels } = smallNetwork.input;
    const expected = reference(smallNetwork, weights, { shape: [n, height, width, channels], data: images });
    expect(probabilities).toHaveLength(n);
    expected.forEach((value, i) => {
      expect(Math.abs(probabilities[i] - value)).toBeLessThan(1e-5);
    });
  }
});

test('a tensor that two layers read is not overwritten', async () => {
  const network: Network = {
    input: { height: 4, width: 5, channels: 2 },
    layers: [
      { type: 'convolution', name: 'a', filters: 4 },
      { type: 'relu', name: 'b' },
      { type: 'sigmoid', name: 'c', from: 'a' },
      { type: 'add', name: 'd', from: ['b', 'c'] },
      { type: 'relu', name: 'e' },
      { type: 'add', name: 'f', from: ['a', 'e'] },
      { type: 'flatten', name: 'g' },
      { type: 'relu', name: 'h' },
      { type: 'dense', name: 'i', units: 1 },
    ],
  };
  const weights = weightsOf(network, 3);
  const predictor = createPredictor(engine, network, weights, 2);
  const images = Float32Array.from({ length: 2 * 4 * 5 * 2 }, (_, i) => ((i * 37) % 41) / 20 - 1);
  predictor.images(2).set(images);
  const probabilities = await predictor.predict(2);
  reference(network, weights, { shape: [2, 4, 5, 2], data: images }).forEach((value, i) => {
    expect(Math.abs(probabilities[i] - value)).toBeLessThan(1e-5);
  });
});

test('the features are what the last layer reads: its weights make the logits of them', async () => {
  const weights = weightsOf(smallNetwork, 1);
  const predictor = createPredictor(engine, smallNetwork, weights, 8);
  const { images } = smallBatch(7, 3);
  predictor.images(7).set(images);
  const { features, logits, probabilities } = await predictor.outputs(7);
  const kernel = weights.get('dense-2/kernel')?.data as Float32Array;
  const bias = weights.get('dense-2/bias')?.data[0] as number;
  expect(features).toHaveLength(7 * kernel.length);
  for (const [n, logit] of logits.entries()) {
    const own = kernel.reduce((sum, weight, i) => sum + weight * features[n * kernel.length + i], bias);
    expect(own).toBeCloseTo(logit, 4);
  }
  expect(probabilities).toEqual(await predictor.predict(7));
});
