import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { distinctValues } from '../../../test/support/check-layer.ts';
import { difference } from '../../../test/support/close.ts';
import { runLayers, type Tensor } from '../../../test/support/run-layers.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { resolveLayers } from '../graph.ts';
import type { LayerSpec } from '../network.ts';
import { operationsOf } from './index.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

/** Layers over `a`, with the operations the fused plan makes of them. */
const patterns: readonly (readonly [name: string, layers: readonly LayerSpec[], operations: string[]])[] = [
  [
    'normalisation + ReLU',
    [{ type: 'batch-normalization' }, { type: 'relu' }],
    ['batch-normalization-1+relu-1'],
  ],
  [
    'normalisation + SiLU',
    [{ type: 'batch-normalization' }, { type: 'silu' }],
    ['batch-normalization-1+silu-1'],
  ],
  [
    'a residual block',
    [
      { type: 'convolution', filters: 4, bias: false },
      { type: 'batch-normalization', name: 'n' },
      { type: 'relu', name: 'x' },
      { type: 'convolution', filters: 4, bias: false },
      { type: 'batch-normalization', name: 'm' },
      { type: 'add', name: 's', from: ['m', 'x'] },
      { type: 'relu', name: 'y' },
    ],
    ['convolution-1', 'n+x', 'convolution-2', 'm+s+y'],
  ],
  [
    'normalisation + ReLU + Winograd convolution, of stride 1 and 2',
    [
      { type: 'convolution', name: 'c', filters: 8 },
      { type: 'batch-normalization', name: 'n' },
      { type: 'relu', name: 'r' },
      { type: 'convolution', name: 'd', filters: 12 },
      { type: 'batch-normalization', name: 'o' },
      { type: 'relu', name: 's' },
      { type: 'convolution', name: 'e', filters: 4, stride: 2, padding: 2 },
      { type: 'batch-normalization', name: 'p' },
    ],
    ['c', 'n+r+d', 'o+s+e', 'p'],
  ],
  [
    'normalisation + ReLU of an image, which Winograd does not take together',
    [
      { type: 'batch-normalization', name: 'n' },
      { type: 'relu', name: 'r' },
      { type: 'convolution', name: 'c', filters: 8 },
    ],
    ['n+r', 'c'],
  ],
  [
    'convolution + ReLU + max pooling, padded beyond the kernel',
    [
      { type: 'convolution', name: 'c', filters: 8, padding: 4 },
      { type: 'relu', name: 'r' },
      { type: 'max-pooling', name: 'p', size: 4 },
    ],
    ['c+r+p'],
  ],
  [
    'a residual block whose shortcut is normalised, without ReLU',
    [
      { type: 'depthwise-convolution', name: 'x', kernel: 3 },
      { type: 'convolution', name: 'c', filters: 5 },
      { type: 'batch-normalization', name: 'm' },
      { type: 'convolution', name: 'd', filters: 5, kernel: 1, from: 'x' },
      { type: 'batch-normalization', name: 'n' },
      { type: 'add', name: 's', from: ['n', 'm'] },
    ],
    ['x', 'c', 'd', 'm+n+s'],
  ],
  [
    'an addition that keeps both gradients alive',
    [
      { type: 'convolution', name: 'x', filters: 3, kernel: 1 },
      { type: 'silu', name: 'p', from: 'x' },
      { type: 'add', name: 's', from: ['x', 'p'] },
      { type: 'add', name: 't', from: ['s', 'x'] },
      { type: 'add', name: 'u', from: ['t', 't'] },
    ],
    ['x', 'p', 's', 't', 'u'],
  ],
  [
    'convolution + ReLU + max pooling',
    [
      { type: 'convolution', name: 'c', filters: 8 },
      { type: 'relu', name: 'r' },
      { type: 'max-pooling', name: 'p', size: 4 },
    ],
    ['c+r+p'],
  ],
];

test.each(patterns)('%s: found, and equal to the layers alone', async (name, layers, operations) => {
  const channels = name.startsWith('convolution') ? 4 : 3;
  const graph = resolveLayers([{ name: 'a', shape: [8, 8, channels] }], layers);
  const found = operationsOf(graph, { training: true, fuse: true });
  expect(found.map(({ nodes }) => nodes.map((node) => node.name).join('+'))).toEqual(operations);
  await fc.assert(
    fc.asyncProperty(
      // From 17 images on a chunk has two, from 33 three: Winograd kernels take them together, and the last chunk may have fewer.
      fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 31, max: 38 })),
      fc.integer({ min: 6, max: 11 }),
      fc.integer({ min: 6, max: 11 }),
      fc.nat(),
      async (batch, height, width, seed) => {
        const input = distinctValues([batch, height, width, channels], seed, 1);
        const parameters = parametersOf(layers, input, seed);
        const gradient = (shape: readonly number[]) => distinctValues(shape, seed, 2).data;
        const [fused, alone] = await Promise.all(
          [true, false].map((fuse) => runLayers(engine, layers, [input], parameters, gradient, { fuse })),
        );
        expect(difference(fused.output, alone.output)).toBeLessThan(1e-5);
        expect(difference(fused.inputGradients[0], alone.inputGradients[0])).toBeLessThan(3e-5);
        for (const [key, value] of alone.parameterGradients) {
          const other = fused.parameterGradients.get(key);
          expect(other && difference(other, value), key).toBeLessThan(3e-5);
        }
        for (const [key, value] of alone.statistics) {
          const other = fused.statistics.get(key);
          expect(other && difference(other, value), key).toBeLessThan(1e-5);
        }
      },
    ),
    { numRuns: 10 },
  );
});

function parametersOf(layers: readonly LayerSpec[], input: Tensor, seed: number): Map<string, Tensor> {
  const { nodes } = resolveLayers([{ name: 'a', shape: input.shape.slice(1) }], layers);
  return new Map(
    nodes.flatMap((node) =>
      node.parameters.map(({ name, shape }, i) => [
        `${node.name}/${name}`,
        distinctValues(shape, seed, 100 * node.index + i),
      ]),
    ),
  );
}
