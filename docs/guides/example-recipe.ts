// A recipe of your own: `giemsa train --data cell_images --recipe example-recipe.ts --out run`.
// It exports plain data. Node strips the types; `import type` costs nothing, and an editor then checks the fields.
import type { LayerSpec, Recipe } from 'giemsa';

/** Convolution, batch normalisation and ReLU, then pooling: halves the sides. */
function stage(filters: number): LayerSpec[] {
  return [
    { type: 'convolution', filters, kernel: 3, bias: false },
    { type: 'batch-normalization' },
    { type: 'relu' },
    { type: 'max-pooling', size: 2 },
  ];
}

const recipe: Recipe = {
  name: 'example',
  network: {
    input: { height: 64, width: 64, channels: 3 },
    layers: [
      ...stage(16),
      ...stage(32),
      ...stage(64),
      { type: 'global-average-pooling' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 1 },
    ],
  },
  // The whole cell in its own aspect, two source pixels to one of the input, on black.
  preprocessing: { fit: 'keep-scale', height: 64, width: 64, pixelScale: 0.5, scale: 1 / 255, offset: 0 },
  augmentation: { dihedral: true, brightness: 0.1, stain: 0.05 },
  training: {
    epochs: 6,
    batch: 64,
    optimiser: { type: 'adamw', weightDecay: 0.02 },
    schedule: { type: 'one-cycle', peak: 3e-3, warmUp: 0.3 },
    earlyStopping: { metric: 'loss', patience: 3 },
    keep: { metric: 'rocAuc' },
  },
};

export default recipe;
