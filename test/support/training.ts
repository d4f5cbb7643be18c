import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawCells } from '../../dist/cells/draw.js';
import { encodePng } from '../../dist/cells/encode.js';
import type { Recipe } from '../../dist/recipes/recipe.js';

/** A recipe with everything in it that has a state or draws random numbers, small enough for many runs. */
export const smallRecipe: Recipe = {
  name: 'small',
  network: {
    input: { height: 24, width: 24, channels: 3 },
    layers: [
      { type: 'convolution', filters: 8, bias: false },
      { type: 'batch-normalization' },
      { type: 'relu' },
      { type: 'convolution', filters: 8, stride: 2 },
      { type: 'silu' },
      { type: 'max-pooling', size: 2 },
      { type: 'dropout', rate: 0.2 },
      { type: 'flatten' },
      { type: 'dense', units: 1, l2: 1e-4 },
    ],
  },
  preprocessing: { fit: 'keep-scale', height: 24, width: 24, pixelScale: 0.15, scale: 1 / 255, offset: 0 },
  augmentation: { dihedral: true, rotation: 20, zoom: 0.1, brightness: 0.1, stain: 0.05 },
  training: {
    epochs: 5,
    batch: 16,
    optimiser: { type: 'adamw', weightDecay: 0.01 },
    schedule: { type: 'one-cycle', peak: 0.01, warmUp: 0.3 },
    average: { decay: 0.9 },
    labelSmoothing: 0.05,
    clip: 5,
    keep: { metric: 'loss' },
  },
};

/** Writes drawn cells into `Parasitized` and `Uninfected` folders within `folder`. */
export async function drawInto(folder: string, count: number): Promise<void> {
  for (const name of ['Parasitized', 'Uninfected']) await mkdir(join(folder, name), { recursive: true });
  for (const { name, label, image } of drawCells({ count, seed: 1 })) {
    const place = label === 'parasitized' ? 'Parasitized' : 'Uninfected';
    await writeFile(join(folder, place, name), encodePng(image));
  }
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
