import { GiemsaError } from '../errors.ts';
import type { CellImage } from '../image.ts';
import { resample } from '../resample.ts';
import type { Box, CellRegion } from './regions.ts';

/** Pixels of the field around the region that interpolation reaches for. */
const MARGIN = 2;

/**
 * The image of one cell as a classifier is used to it: cut out of its field, black outside the region, brought to another scale,
 * no larger than the cell.
 *
 * Colours are interpolated in the field, before the rest is blackened, so that black does not bleed into the cell.
 *
 * @param scale output pixels per pixel of the field, above 0
 * @throws GiemsaError `bad-scale`
 */
export function cutCell(field: CellImage, region: CellRegion, scale: number): CellImage {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new GiemsaError('bad-scale', `the scale must be a number above 0; it is ${scale}`);
  }
  const scaled = resample(withMask(field, region), scale);
  // A cell of less than a pixel keeps its fullest one.
  let fullest = 0;
  for (let i = 3; i < scaled.data.length; i += 4) fullest = Math.max(fullest, scaled.data[i]);
  return cropped(scaled, Math.min(0.5, fullest));
}

/** The field around a region: R G B and a fourth channel, 1 in the region. */
function withMask(field: CellImage, { box, inside }: CellRegion) {
  const left = Math.max(0, box.left - MARGIN);
  const top = Math.max(0, box.top - MARGIN);
  const width = Math.min(field.width, box.right + MARGIN) - left;
  const height = Math.min(field.height, box.bottom + MARGIN) - top;
  const data = new Uint8Array(4 * width * height);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 4) {
      const from = 3 * ((top + y) * field.width + left + x);
      for (let c = 0; c < 3; c++) data[o + c] = field.data[from + c];
      data[o + 3] = isInside(box, inside, left + x, top + y) ? 1 : 0;
    }
  }
  return { width, height, channels: 4, data };
}

function isInside(box: Box, inside: Uint8Array, x: number, y: number): boolean {
  if (x < box.left || x >= box.right || y < box.top || y >= box.bottom) return false;
  return inside[(y - box.top) * (box.right - box.left) + x - box.left] === 1;
}

/** The pixels with at least this much of the cell, on black, in the smallest image that holds them. */
function cropped(
  { width, height, data }: { width: number; height: number; data: Float32Array },
  least: number,
): CellImage {
  const isCell = (pixel: number) => data[4 * pixel + 3] >= least;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isCell(y * width + x)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  const out = new Uint8Array(3 * (right - left) * (bottom - top));
  for (let y = top, o = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, o += 3) {
      const pixel = y * width + x;
      if (isCell(pixel)) for (let c = 0; c < 3; c++) out[o + c] = Math.round(data[4 * pixel + c]);
    }
  }
  return { width: right - left, height: bottom - top, data: out };
}
