import { recipeByName } from '../dist/recipes/index.js';

const convolution = (name, from, filters, kernel, stride = 1) => [
  { type: 'convolution', name, from, filters, kernel, stride, bias: false },
  { type: 'batch-normalization', name: `${name}-normalised`, from: name },
];

/** conv-BN-ReLU-conv-BN + shortcut, ReLU; a 1x1 convolution with BN in the shortcut where the stride is 2. */
function block(name, from, filters, stride) {
  const main = [
    ...convolution(`${name}-a`, from, filters, 3, stride),
    { type: 'relu', name: `${name}-a-relu` },
    ...convolution(`${name}-b`, `${name}-a-relu`, filters, 3),
  ];
  const shortcut = stride === 1 ? [] : convolution(`${name}-shortcut`, from, filters, 1, stride);
  const added = [`${name}-b-normalised`, stride === 1 ? from : `${name}-shortcut-normalised`];
  return [...main, ...shortcut, { type: 'add', name: `${name}-add`, from: added }, { type: 'relu', name }];
}

const residual = {
  input: { height: 80, width: 80, channels: 3 },
  layers: [
    ...convolution('stem', 'input', 16, 3),
    { type: 'relu', name: 'stem-relu' },
    ...block('stage-1', 'stem-relu', 16, 1),
    ...block('stage-2', 'stage-1', 32, 2),
    ...block('stage-3', 'stage-2', 64, 2),
    { type: 'global-average-pooling' },
    { type: 'dense', units: 1 },
  ],
};

/** The networks of the bench: the same as in python/networks_*.py. */
export const networks = { seed: (await recipeByName('seed')).network, residual };
