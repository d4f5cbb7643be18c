import { cellMask } from './cell-mask.ts';
import { distanceInside } from './field/distance.ts';
import type { CellImage } from './image.ts';

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
  const pixels: number[] = [];
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) pixels.push(i);
  if (pixels.length === 0) return HANDCRAFTED_NAMES.map(() => 0);
  const channels = [0, 1, 2].map((channel) => blurredAt(image, channel, pixels));
  const medians = channels.map((values) => quantile(values.toSorted(), 0.5));
  // A channel that is black in most of the cell has nothing to be relative to.
  const [r, g, b] = channels.map((values, c) => values.map((value) => (medians[c] > 0 ? value / medians[c] : 0)));
  const sortedGreen = g.toSorted();
  const blueOverGreen = b.map((value, i) => value - g[i]).sort();
  const darkest = g.indexOf(sortedGreen[0]);
  const depths = distanceInside(inside, width);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  const body = new Uint8Array(width * height);
  pixels.forEach((at, i) => {
    body[at] = g[i] < BODY ? 1 : 0;
  });
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
    largestArea(body, width),
    depths[pixels[darkest]] / deepest,
    r.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    r[darkest] - b[darkest],
  ];
}

/** The cell without its outline: eroded by the pixels' sides, and away from the edge of the image. */
function innerMask(image: CellImage): Uint8Array {
  const { width, height } = image;
  let mask = cellMask(image).inside;
  for (let step = 0; step < EROSION; step++) {
    const before = mask;
    mask = before.map((value, i) => {
      const x = i % width;
      const left = x > 0 && before[i - 1];
      const right = x < width - 1 && before[i + 1];
      return value && left && right && before[i - width] && before[i + width] ? 1 : 0;
    });
  }
  return mask.map((value, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    const fromEdge = Math.min(x, y, width - 1 - x, height - 1 - y);
    return fromEdge >= LEAST_FROM_EDGE ? value : 0;
  });
}

/** Weights of a Gaussian, their sum 1. */
const KERNEL = (() => {
  const weights = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return Float64Array.from(weights, (weight) => weight / sum);
})();

/** A channel blurred by a Gaussian, at some pixels: along the rows, then down the columns; mirrored at the edge of the image. */
function blurredAt({ width, height, data }: CellImage, channel: number, pixels: readonly number[]): Float64Array {
  const columns = offsets(width);
  const rows = offsets(height);
  const taps = KERNEL.length;
  const along = new Float64Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let sum = 0;
      for (let k = 0; k < taps; k++) sum += KERNEL[k] * data[3 * (y * width + columns[x + k]) + channel];
      along[i] = sum;
    }
  }
  return Float64Array.from(pixels, (i) => {
    const x = i % width;
    const y = (i - x) / width;
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += KERNEL[k] * along[rows[y + k] * width + x];
    return sum;
  });
}

/** For places from -RADIUS to size - 1 + RADIUS, the one within that they mirror: c b a | a b c | c b a. */
function offsets(size: number): Int32Array {
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

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function shareBelow(values: Float64Array, limit: number): number {
  return values.reduce((count, value) => count + (value < limit ? 1 : 0), 0) / values.length;
}

/** Pixels of the largest area connected by sides. The mask must be 0 along its edge; it is cleared. */
function largestArea(mask: Uint8Array, width: number): number {
  let largest = 0;
  const open: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0) continue;
    let area = 0;
    open.push(start);
    mask[start] = 0;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      area++;
      for (const side of [i - 1, i + 1, i - width, i + width]) {
        if (mask[side] === 0) continue;
        mask[side] = 0;
        open.push(side);
      }
    }
    largest = Math.max(largest, area);
  }
  return largest;
}
