import type { Body } from '../cells/draw-bodies.ts';
import { bodyReach, paintBodies } from '../cells/draw-paint.ts';
import { drawPlatelet } from '../cells/draw-platelet.ts';
import { drawsOf } from '../cells/draw-random.ts';
import type { CellImage } from '../cells/image.ts';
import { BLACK_BELOW } from './augment-colour.ts';
import type { Augmentation } from './recipe.ts';

/**
 * The image with a platelet drawn on the cell, for a share of the images; the others as they are. Two numbers are drawn in
 * any case, none where the share is 0.
 */
export function layPlatelet(
  image: CellImage,
  { platelets = 0 }: Augmentation,
  draw: () => number,
): CellImage {
  if (platelets === 0) return image;
  const chosen = draw() < platelets;
  const seed = Math.floor(draw() * 2 ** 32) | 0;
  return chosen ? withPlatelet(image, seed) : image;
}

/**
 * The image with a platelet drawn on its cell. On the middle of the image lies that of the cell; half the mean of its sides is
 * about its radius.
 *
 * @param seed integer of 32 bits
 */
export function withPlatelet({ width, height, data }: CellImage, seed: number): CellImage {
  const bodies = drawPlatelet(drawsOf(seed, 0, 0), (width + height) / 4);
  const [columns, rows] = [reach(bodies, 'x', width), reach(bodies, 'y', height)];
  const painted = Uint8Array.from(data);
  const rgb = new Float64Array(3);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = columns.from; x < columns.to; x++) {
      const i = 3 * (y * width + x);
      if (data[i] + data[i + 1] + data[i + 2] <= BLACK_BELOW) continue;
      for (let c = 0; c < 3; c++) rgb[c] = data[i + c];
      paintBodies(bodies, seed, x - width / 2, y - height / 2, rgb);
      for (let c = 0; c < 3; c++) painted[i + c] = Math.max(0, Math.min(255, Math.round(rgb[c])));
    }
  }
  return { width, height, data: painted };
}

/** The pixels, along one side of the image, that the bodies may change. */
function reach(bodies: readonly Body[], axis: 'x' | 'y', side: number): { from: number; to: number } {
  const [least, most] = [-1, 1].map((sign) =>
    Math.max(...bodies.map((body) => sign * body[axis] + bodyReach(body))),
  );
  return {
    from: Math.max(0, Math.floor(side / 2 - least)),
    to: Math.min(side, Math.ceil(side / 2 + most) + 1),
  };
}
