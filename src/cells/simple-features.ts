import type { CellImage } from './image.ts';
import { pieceSizes } from './pieces.ts';
import { runsOf } from './runs.ts';

/**
 * What can be said of a cell without looking for a parasite. A network that tells the labels apart no better than these do has
 * learnt a shortcut.
 */
export type SimpleFeatures = (image: CellImage) => readonly number[];

/** Width and height of the image, in pixels. */
export const size: SimpleFeatures = ({ width, height }) => [width, height];

/** Mean red, green and blue of the pixels that are not black, 0 to 255. */
export const meanColour: SimpleFeatures = ({ data }) => {
  const sum = [0, 0, 0];
  let pixels = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (!isCell(data, i)) continue;
    for (let c = 0; c < 3; c++) sum[c] += data[i + c];
    pixels++;
  }
  return sum.map((total) => (pixels > 0 ? total / pixels : 0));
};

/** Mean red, green and blue of the whole image, its black surroundings included, 0 to 255. */
export const imageColour: SimpleFeatures = ({ width, height, data }) => {
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) for (let c = 0; c < 3; c++) sum[c] += data[i + c];
  return sum.map((total) => total / (width * height));
};

/** Share of the cell's median green below which a pixel is dark; stain takes most of the green. */
const DARK = 0.75;
/** Connected dark pixels that count as a spot. */
const LEAST_PIXELS = 6;

/** Number of dark spots: connected pixels (by their sides) with less than .75 of the cell's median green. */
export const darkSpots: SimpleFeatures = ({ width, height, data }) => {
  const limit = DARK * medianGreen(data);
  const dark = Uint8Array.from({ length: width * height }, (_, i) =>
    isCell(data, 3 * i) && data[3 * i + 1] < limit ? 1 : 0,
  );
  return [pieceSizes(runsOf(dark, width)).filter((pixels) => pixels >= LEAST_PIXELS).length];
};

/** Outside the cell, images are black, or nearly so after compression. */
function isCell(data: Uint8Array, at: number): boolean {
  return data[at] + data[at + 1] + data[at + 2] > 30;
}

function medianGreen(data: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < data.length; i += 3) if (isCell(data, i)) counts[data[i + 1]]++;
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below >= half;
  });
}
