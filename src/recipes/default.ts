import type { Recipe } from './recipe.ts';
import { residualLayers } from './residual.ts';

/**
 * A small residual network that sees the cell in its own aspect and at two fifths of its scale: a ring stage of 10 to 20
 * source pixels keeps 4 to 8, and the median cell, 130 pixels across, fills 52 of 64. Maps of 32, 16 and 8 pixels are whole
 * tiles of four, so none is computed in vain. What the colours say pulls back what it has learnt by heart. What else was tried
 * and what it gave: docs/results/experiments.md.
 */
export const standard: Recipe = {
  name: 'default',
  network: {
    input: { height: 64, width: 64, channels: 3 },
    layers: residualLayers([24, 48, 96]),
  },
  preprocessing: { fit: 'keep-scale', height: 64, width: 64, pixelScale: 0.4, scale: 1 / 255, offset: 0 },
  augmentation: {
    dihedral: true,
    rotation: 180,
    shift: 2.4,
    zoom: 0.1,
    brightness: 0.15,
    contrast: 0.15,
    saturation: 0.2,
    stain: 0.08,
  },
  training: {
    // Published labels gain by 32, having the habits of one expert to learn: docs/results/experiments.md.
    epochs: 24,
    batch: 64,
    optimiser: { type: 'adamw', weightDecay: 0.05 },
    schedule: { type: 'one-cycle', peak: 4e-3, warmUp: 0.25 },
    average: { decay: 0.995 },
    keep: 'last',
    hardNegativeWeight: 3,
    colours: 0.3,
    calibration: 'temperature',
    outlier: true,
  },
};
