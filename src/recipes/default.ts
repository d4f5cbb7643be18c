import type { LayerSpec } from '../network/network.ts';
import type { Recipe } from './recipe.ts';

/**
 * A small residual network (He et al. 2015, arXiv 1512.03385) that sees the cell in its own aspect and at two
 * fifths of its scale: a ring stage of 10 to 20 source pixels keeps 4 to 8, and the median cell, 130 pixels across, fills
 * 52 of 64. Maps of 32, 16 and 8 pixels are whole tiles of four, so none is computed in vain. The generalized mean at its
 * end weighs a small dark body more than the mean does; what the colours say pulls back what it has learnt by heart. What else
 * was tried and what it gave: docs/results/experiments.md.
 */
export const standard: Recipe = {
  name: 'default',
  network: {
    input: { height: 64, width: 64, channels: 3 },
    layers: [
      ...convolution('stem', 'input', { filters: 24, stride: 2 }),
      { type: 'relu', name: 'stem' },
      ...stage('stage-1', 'stem', { filters: 24, stride: 1, blocks: 1 }),
      ...stage('stage-2', 'stage-1-block-1', { filters: 48, stride: 2, blocks: 1 }),
      ...stage('stage-3', 'stage-2-block-1', { filters: 96, stride: 2, blocks: 2 }),
      { type: 'global-generalized-mean-pooling' },
      { type: 'dense', units: 1 },
    ],
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

interface Stage {
  readonly filters: number;
  readonly stride: number;
  readonly blocks: number;
}

/** Blocks one after another; only the first strides and widens. */
function stage(name: string, from: string, { filters, stride, blocks }: Stage): LayerSpec[] {
  return Array.from({ length: blocks }, (_, i) =>
    i === 0
      ? block(`${name}-block-1`, from, filters, stride)
      : block(`${name}-block-${i + 1}`, `${name}-block-${i}`, filters, 1),
  ).flat();
}

/** ReLU(f(x) + shortcut(x)); the shortcut is x itself, or a 1x1 convolution where the block strides. */
function block(name: string, from: string, filters: number, stride: number): LayerSpec[] {
  const strides = stride !== 1;
  return [
    ...convolution(`${name}-a`, from, { filters, stride }),
    { type: 'relu', name: `${name}-a` },
    ...convolution(`${name}-b`, `${name}-a`, { filters }),
    ...(strides ? convolution(`${name}-shortcut`, from, { filters, stride, kernel: 1 }) : []),
    { type: 'add', from: [`${name}-b-normalization`, strides ? `${name}-shortcut-normalization` : from] },
    { type: 'relu', name },
  ];
}

/** A convolution (no bias: the normalisation has one) and its batch normalisation. */
function convolution(
  name: string,
  from: string,
  { filters, kernel = 3, stride = 1 }: { filters: number; kernel?: number; stride?: number },
): LayerSpec[] {
  return [
    { type: 'convolution', name: `${name}-convolution`, from, filters, kernel, stride, bias: false },
    { type: 'batch-normalization', name: `${name}-normalization` },
  ];
}
