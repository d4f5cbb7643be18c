import type { Network } from '../../src/network/network.ts';

/** For tests: a network of a residual block, pooling and dense layers, with every kind of option that training has. */
export const smallNetwork: Network = {
  input: { height: 12, width: 11, channels: 3 },
  layers: [
    { type: 'convolution', filters: 8, bias: false },
    { type: 'batch-normalization' },
    { type: 'relu', name: 'stem' },
    { type: 'convolution', filters: 8, bias: false },
    { type: 'batch-normalization', name: 'branch', gamma: 0.5, beta: { deviation: 0.1 } },
    { type: 'add', from: ['branch', 'stem'] },
    { type: 'relu' },
    { type: 'depthwise-convolution', kernel: 3, stride: 2, l2: 1e-3 },
    { type: 'batch-normalization', unbiased: true },
    { type: 'silu' },
    { type: 'max-pooling', size: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 12, l2: 1e-2, initialiser: 'glorot-uniform' },
    { type: 'relu' },
    { type: 'dropout', rate: 0.25 },
    { type: 'dense', units: 1 },
  ],
};

/** Images of noise, brighter at the top where the target is 1; two of three targets are. */
export function smallBatch(n: number, offset: number): { images: Float32Array; targets: Float32Array } {
  const { height, width, channels } = smallNetwork.input;
  const size = height * width * channels;
  const targets = Float32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 0 : 1));
  const images = Float32Array.from({ length: n * size }, (_, i) => {
    const noise = (Math.imul(i + offset * 7919, 0x9e3779b1) >>> 8) / 2 ** 24;
    return noise / 2 + (i % size < size / 3 ? targets[Math.floor(i / size)] / 4 : 0);
  });
  return { images, targets };
}
