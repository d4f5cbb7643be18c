import type { Model } from '../../src/model/file.ts';
import { resolve } from '../../src/network/graph.ts';
import type { Network, Parameter, Weights } from '../../src/network/network.ts';
import type { Preprocessing } from '../../src/recipes/preprocessing.ts';
import { random } from '../../src/recipes/random.ts';

/** For tests: weights that make no layer's output vanish or explode. */
export function testWeights(network: Network, seed = 1): Weights {
  return new Map(
    resolve(network).nodes.flatMap((layer) =>
      layer.parameters.map(({ name, shape, trainable }): [string, Parameter] => {
        const draw = random(seed, layer.index, name.length);
        const length = shape.reduce((product, n) => product * n, 1);
        const spread = name === 'kernel' ? Math.sqrt(6 / (length / shape[shape.length - 1])) : 0.4;
        const middle = name === 'gamma' || name === 'variance' ? 1 : 0;
        const data = Float32Array.from({ length }, () => middle + spread * (2 * draw() - 1));
        return [`${layer.name}/${name}`, { shape, trainable, data }];
      }),
    ),
  );
}

/** For tests: a network with a layer of every type. */
export const everyLayer: Network = {
  input: { height: 17, width: 20, channels: 3 },
  layers: [
    { type: 'convolution', filters: 8, kernel: [3, 2], stride: [1, 2], name: 'first' },
    { type: 'batch-normalization', epsilon: 0.005 },
    { type: 'silu', name: 'stem' },
    { type: 'depthwise-convolution', kernel: [3, 5], bias: false, padding: 'same' },
    { type: 'add', from: ['stem', 'depthwise-convolution-1'] },
    { type: 'relu', name: 'joined' },
    { type: 'global-average-pooling' },
    { type: 'dense', units: 8 },
    { type: 'sigmoid', name: 'gate' },
    { type: 'scale-channels', from: ['joined', 'gate'] },
    { type: 'max-pooling', size: 3, stride: 2, padding: 1 },
    { type: 'depthwise-convolution', kernel: 3, stride: 2, padding: 1 },
    { type: 'average-pooling', size: [2, 3], stride: [1, 2], padding: 1, name: 'features' },
    { type: 'convolution', filters: 6, kernel: 2, padding: 'valid', bias: false },
    { type: 'flatten' },
    { type: 'dense', units: 8, bias: false },
    { type: 'batch-normalization' },
    { type: 'dropout', rate: 0.3, name: 'flat' },
    { type: 'global-max-pooling', from: 'features' },
    { type: 'add', from: ['flat', 'global-max-pooling-1'] },
    { type: 'global-generalized-mean-pooling', from: 'features' },
    { type: 'add', from: ['add-2', 'global-generalized-mean-pooling-1'] },
    { type: 'dense', units: 1 },
  ],
};

export function testModel(
  network: Network = everyLayer,
  preprocessing: Preprocessing = {
    fit: 'keep-scale',
    height: network.input.height,
    width: network.input.width,
    pixelScale: 0.5,
    scale: 1 / 255,
    offset: [-0.5, -0.4, -0.6],
  },
): Model {
  return {
    network,
    preprocessing,
    weights: testWeights(network),
    metadata: {
      threshold: 0.25,
      chosenOn: 'validation, specificity 0.973',
      recipe: { name: 'test', settings: { epochs: 1 } },
      seed: 7,
      labelSet: 'published',
      dataFingerprint: 'd',
      splitFingerprint: 's',
      prior: 0.5,
      version: '0.1.0',
      commit: null,
    },
  };
}
