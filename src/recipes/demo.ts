import type { Recipe } from './recipe.ts';

/** A tiny network for a few hundred drawn cells, trained in seconds: for `giemsa demo` and for trying things out. */
export const demo: Recipe = {
  name: 'demo',
  network: {
    input: { height: 40, width: 40, channels: 3 },
    layers: [
      { type: 'convolution', filters: 8, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'max-pooling', size: 2 },
      { type: 'convolution', filters: 16, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'max-pooling', size: 2 },
      { type: 'convolution', filters: 32, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'global-max-pooling' },
      { type: 'dense', units: 1 },
    ],
  },
  preprocessing: { fit: 'keep-scale', height: 40, width: 40, pixelScale: 0.25, scale: 1 / 255, offset: 0 },
  augmentation: { dihedral: true, brightness: 0.1 },
  training: {
    epochs: 20,
    batch: 16,
    optimiser: { type: 'adamw', weightDecay: 0.01 },
    schedule: { type: 'one-cycle', peak: 1e-2, warmUp: 0.25 },
    keep: { metric: 'loss' },
  },
};
