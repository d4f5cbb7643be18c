import { expect, test } from 'vitest';
import { countParameters, resolve } from './graph.ts';
import type { LayerSpec } from './network.ts';

function graphOf(...layers: LayerSpec[]) {
  return resolve({ input: { height: 8, width: 6, channels: 3 }, layers });
}

test('names count by type, inputs default to the layer before, shapes follow', () => {
  const { nodes } = graphOf(
    { type: 'convolution', filters: 4 },
    { type: 'relu', name: 'stem' },
    { type: 'convolution', filters: 4, bias: false },
    { type: 'add', from: ['convolution-2', 'stem'] },
    { type: 'max-pooling', size: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 1 },
  );
  expect(nodes.map(({ name }) => name)).toEqual([
    'convolution-1',
    'stem',
    'convolution-2',
    'add-1',
    'max-pooling-1',
    'flatten-1',
    'dense-1',
  ]);
  expect(nodes.map(({ inputs }) => inputs)).toEqual([[0], [1], [2], [3, 2], [4], [5], [6]]);
  expect(nodes.map(({ shape }) => shape).slice(-4)).toEqual([[8, 6, 4], [4, 3, 4], [48], [1]]);
});

test('trainable and other parameters are counted', () => {
  const graph = graphOf(
    { type: 'convolution', filters: 4 },
    { type: 'batch-normalization' },
    { type: 'global-average-pooling' },
    { type: 'dense', units: 1 },
  );
  expect(countParameters(graph)).toEqual({ trainable: 108 + 4 + 8 + 4 + 1, other: 8 });
});

test.each<[string, LayerSpec[], string | RegExp]>([
  [
    'unknown type',
    [{ type: 'conv' }],
    'Layer conv-1: there is no type "conv". Types are add, average-pooling',
  ],
  ['no type', [{} as LayerSpec], "Layer 1 must be an object with a text 'type'; it is {}."],
  [
    'missing option',
    [{ type: 'dense' }],
    "Layer dense-1 (dense): 'units' must be an integer from 1 to 1048576; it is missing.",
  ],
  [
    'wrong option',
    [{ type: 'convolution', name: 'stem', filters: 4, stride: 0 }],
    "Layer stem (convolution): 'stride' must be a positive integer or [rows, columns]; it is 0.",
  ],
  [
    'unknown option',
    [{ type: 'relu', slope: 0.1 }],
    "Layer relu-1 (relu): there is no option 'slope'. It has no options.",
  ],
  [
    'duplicate name',
    [
      { type: 'relu', name: 'a' },
      { type: 'relu', name: 'a' },
    ],
    "Two layers are named 'a'; names must differ.",
  ],
  [
    'unknown input',
    [{ type: 'relu', from: 'stem' }],
    'Layer relu-1 (relu): \'from\' names "stem", but there is no such layer.',
  ],
  [
    'cycle',
    [
      { type: 'add', name: 'a', from: ['input', 'b'] },
      { type: 'relu', name: 'b' },
    ],
    /'from' names "b", which is not computed before it/,
  ],
  ['one input too few', [{ type: 'add' }], "Layer add-1 (add) reads 2 inputs; 'from' names 1."],
  [
    'shapes that differ',
    [
      { type: 'convolution', name: 'a', filters: 4, stride: 2 },
      { type: 'add', from: ['a', 'input'] },
    ],
    'Layer add-1 (add) needs two inputs of one shape; it gets [4, 3, 4] and [8, 6, 3].',
  ],
  [
    'dense over an image',
    [{ type: 'dense', units: 1 }],
    'Layer dense-1 (dense) needs an input [features]; put flatten or global pooling before it; it gets [8, 6, 3].',
  ],
  [
    'window that does not fit',
    [{ type: 'max-pooling', size: 7 }],
    'needs at least one window of 7x7 to fit; it gets [8, 6, 3].',
  ],
  [
    'a layer nobody reads',
    [
      { type: 'relu', name: 'a' },
      { type: 'relu', name: 'b', from: 'input' },
    ],
    'Layer a (relu): no layer reads it, and it is not the last.',
  ],
])('%s: the error names layer and field', (_what, layers, message) => {
  expect(() => graphOf(...layers)).toThrow(message);
});
