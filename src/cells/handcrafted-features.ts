import { cellMask } from './cell-mask.ts';
import { distanceInside } from './field/distance.ts';
import type { CellImage } from './image.ts';
import { largestPiece } from './pieces.ts';
import { runsOf } from './runs.ts';
import { standardDeviation } from './standard-deviation.ts';

/** The features of a cell, in order. Colours r, g, b are blurred and divided by their median in the cell. */
export const HANDCRAFTED_NAMES = [
  'area',
  'median red',
  'median green',
  'median blue',
  'standard deviation of g',
  '1st percentile of g',
  '5th percentile of g',
  'minimum of g',
  'maximum of b - g',
  '99th percentile of b - g',
  'share of g < 0.9',
  'share of g < 0.75',
  'largest connected area of g < 0.82',
  'depth of the darkest point',
  'minimum of r',
  'r - b at the darkest point',
] as const;

export type HandcraftedName = (typeof HANDCRAFTED_NAMES)[number];

/** The outline is left out: blurred, it is dark in every cell. */
const EROSION = 2;
/** Pixels from the edge of the image, where the blur has only one side to look at. */
const LEAST_FROM_EDGE = 3;
const SIGMA = 1.2;
/** Further from its middle a Gaussian has nothing to add: four standard deviations. */
const RADIUS = 5;
/** Shares of the median green: pale stain; a parasite's body; its nucleus. */
const PALE = 0.9;
const BODY = 0.82;
const DARK = 0.75;

/**
 * Sixteen numbers that say where, how large and how dark stain is in a cell: what one can know of a parasite without a network.
 *
 * Stain takes green most and blue least, so a parasite is low in g and high in b - g. Division by the median takes the stain and
 * the light of the slide out. The largest connected area (by sides) tells a body from scattered specks; the depth (chamfer distance
 * to the cell's edge over the largest in the cell, 0 to 1) tells what lies in a cell from what touches it.
 *
 * @returns the values in the order of `HANDCRAFTED_NAMES`: areas in pixels, medians 0 to 255, all else relative to the median; all 0
 *   where too little of a cell is left (an all-black image)
 */
export function handcraftedFeatures(image: CellImage): number[] {
  const { width, height } = image;
  const inside = innerMask(image);
  const pixels = placesIn(inside);
  if (pixels.length === 0) return HANDCRAFTED_NAMES.map(() => 0);
  const channels = [0, 1, 2].map((channel) => blurredAt(image, channel, pixels));
  const medians = channels.map((values) => quantile(values.toSorted(), 0.5));
  const [r, g, b] = channels.map((values, c) => relative(values, medians[c]));
  const sortedGreen = g.toSorted();
  const blueOverGreen = difference(b, g).sort();
  const darkest = g.indexOf(sortedGreen[0]);
  const depths = distanceInside(inside, width);
  const body = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) body[pixels[i]] = g[i] < BODY ? 1 : 0;
  return [
    pixels.length,
    ...medians,
    standardDeviation(g),
    quantile(sortedGreen, 0.01),
    quantile(sortedGreen, 0.05),
    sortedGreen[0],
    blueOverGreen[blueOverGreen.length - 1],
    quantile(blueOverGreen, 0.99),
    shareBelow(g, PALE),
    shareBelow(g, DARK),
    largestPiece(runsOf(body, width)),
    depths[pixels[darkest]] / extreme(depths, Math.max),
    extreme(r, Math.min),
    r[darkest] - b[darkest],
  ];
}

/** The cell without its outline: eroded by the pixels' sides, and away from the edge of the image. */
function innerMask(image: CellImage): Uint8Array {
  const { width, height } = image;
  let mask = cellMask(image).inside;
  for (let step = 0; step < EROSION; step++) mask = eroded(mask, width, height);
  const inner = new Uint8Array(mask.length);
  for (let y = LEAST_FROM_EDGE; y < height - LEAST_FROM_EDGE; y++) {
    for (let x = LEAST_FROM_EDGE; x < width - LEAST_FROM_EDGE; x++)
      inner[y * width + x] = mask[y * width + x];
  }
  return inner;
}

/** The pixels whose four sides are in the mask, too; beyond the image nothing is. */
function eroded(mask: Uint8Array, width: number, height: number): Uint8Array {
  const smaller = new Uint8Array(mask.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      smaller[i] = mask[i] & mask[i - 1] & mask[i + 1] & mask[i - width] & mask[i + width];
    }
  }
  return smaller;
}

function placesIn(mask: Uint8Array): Int32Array {
  const places = new Int32Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) places[count++] = i;
  return places.subarray(0, count);
}

/** Weights of a Gaussian, their sum 1. */
const KERNEL = (() => {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return Float64Array.from(weights, (weight) => weight / sum);
})();

/** A channel blurred by a Gaussian, at some pixels: along the rows, then down the columns; mirrored at the edge of the image. */
function blurredAt({ width, height, data }: CellImage, channel: number, pixels: Int32Array): Float64Array {
  const columns = mirrored(width);
  const rows = mirrored(height);
  const taps = KERNEL.length;
  const along = new Float64Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const start = 3 * y * width + channel;
    for (let x = 0; x < width; x++, i++) {
      let sum = 0;
      for (let k = 0; k < taps; k++) sum += KERNEL[k] * data[start + 3 * columns[x + k]];
      along[i] = sum;
    }
  }
  const values = new Float64Array(pixels.length);
  for (let i = 0; i < values.length; i++) {
    const x = pixels[i] % width;
    const y = (pixels[i] - x) / width;
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += KERNEL[k] * along[rows[y + k] * width + x];
    values[i] = sum;
  }
  return values;
}

/** For places from -RADIUS to size - 1 + RADIUS, the one within that they mirror: c b a | a b c | c b a. */
function mirrored(size: number): Int32Array {
  return Int32Array.from({ length: size + 2 * RADIUS }, (_, i) => {
    const place = (((i - RADIUS) % (2 * size)) + 2 * size) % (2 * size);
    return place < size ? place : 2 * size - 1 - place;
  });
}

/** Interpolated as numpy's default (R's type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** All over the median; a channel that is black in most of the cell has nothing to be relative to, and is 0. */
function relative(values: Float64Array, median: number): Float64Array {
  const shares = new Float64Array(values.length);
  if (median > 0) for (let i = 0; i < values.length; i++) shares[i] = values[i] / median;
  return shares;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const values = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) values[i] = a[i] - b[i];
  return values;
}

function extreme(values: Float64Array | Uint16Array, of: (a: number, b: number) => number): number {
  let found = values[0];
  for (let i = 1; i < values.length; i++) found = of(found, values[i]);
  return found;
}

function shareBelow(values: Float64Array, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] < limit) count++;
  return count / values.length;
}
