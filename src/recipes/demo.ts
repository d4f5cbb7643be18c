import type { Recipe } from './recipe.ts';

/** A tiny network for a few hundred drawn cells, trained in seconds: for `giemsa demo` and for trying things out. */
export const demo: Recipe = {
  name: 'demo',
  network: {
    input: { height: 48, width: 48, channels: 3 },
    layers: [
      { type: 'convolution', filters: 12, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'max-pooling', size: 2 },
      { type: 'convolution', filters: 24, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'max-pooling', size: 2 },
      { type: 'convolution', filters: 48, kernel: 3, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'global-max-pooling' },
      { type: 'dense', units: 1 },
    ],
  },
  preprocessing: { fit: 'keep-scale', height: 48, width: 48, pixelScale: 1 / 3, scale: 1 / 255, offset: 0 },
  augmentation: { dihedral: true, brightness: 0.1, stain: 0.05 },
  training: {
    epochs: 36,
    batch: 16,
    optimiser: { type: 'adamw', weightDecay: 0.01 },
    schedule: { type: 'one-cycle', peak: 1e-2, warmUp: 0.25 },
    keep: { metric: 'loss' },
  },
};
