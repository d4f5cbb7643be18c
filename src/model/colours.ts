import { quantilesOf } from '../cells/quantiles.ts';
import { standardDeviation } from '../cells/standard-deviation.ts';
import type { Preprocessing } from '../recipes/preprocessing.ts';

// What the colours of a cell say of its label, beside what the network says: a smooth judge that cannot learn single cells by
// heart. docs/results/experiments.md has what it adds.

/**
 * Segmented cells lie on black: more light than this, red, green and blue together of 3 x 255, is cell. It lies between two sums of whole
 * levels, so that rounding, which differs from one runtime to another, does not decide.
 */
export const BLACK = 60.5;
/** With fewer inner pixels there is nothing to tell. */
export const LEAST_PIXELS = 20;
/** Quantiles of each colour, over its median in the cell: that takes the stain and the light of the slide out. */
export const LOW = [0, 0.01, 0.05, 0.25] as const;
/** Quantiles of b - g, of such colours: stain takes green most and blue least, so a parasite is high in it. */
export const HIGH = [0.95, 0.99, 1] as const;

/** The area; of each colour the median, the deviation and the low quantiles; the high quantiles of b - g. */
export const STATISTICS = 1 + 3 * (2 + LOW.length) + HIGH.length;

/**
 * The statistics of a fitted cell: its inner pixels as a share of the image; medians, and deviations over them, of R, G, B; each low
 * quantile of r, g and b; the high ones of b - g.
 *
 * @param pixels fitted images, [height, width, 3] from `from` on, black being 0
 * @param into gets the statistics from `to` on
 * @returns false where too little of a cell is there
 */
export function colourStatistics(
  pixels: Float32Array,
  from: number,
  { height, width, scale }: Pick<Preprocessing, 'height' | 'width' | 'scale'>,
  into: Float64Array,
  to: number,
): boolean {
  const places = innerPixels(pixels, from, height, width, Math.fround(BLACK * scale));
  if (places.length < LEAST_PIXELS) return false;
  const channels = [0, 1, 2].map((channel) => valuesAt(pixels, places, channel));
  const quantiles = channels.map((values) => quantilesOf(values, [0.5, ...LOW]));
  // A channel that is black in most of the cell has nothing to be relative to.
  const medians = quantiles.map(([median]) => Math.max(median, scale));
  into.set(
    [
      places.length / (height * width),
      ...medians,
      ...channels.map((values, channel) => standardDeviation(values) / medians[channel]),
      ...LOW.flatMap((_, i) => quantiles.map((own, channel) => own[i + 1] / medians[channel])),
      ...quantilesOf(relativeDifference(channels, medians, 2, 1), HIGH),
    ],
    to,
  );
  return true;
}

function valuesAt(pixels: Float32Array, places: Int32Array, channel: number): Float32Array {
  const values = new Float32Array(places.length);
  for (let i = 0; i < values.length; i++) values[i] = pixels[places[i] + channel];
  return values;
}

/** One channel over its median, less another over its own. */
function relativeDifference(
  channels: readonly Float32Array[],
  medians: readonly number[],
  one: number,
  other: number,
) {
  const values = new Float32Array(channels[one].length);
  const [a, b, medianA, medianB] = [channels[one], channels[other], medians[one], medians[other]];
  for (let i = 0; i < values.length; i++) values[i] = a[i] / medianA - b[i] / medianB;
  return values;
}

/** Where the pixels start that have cell all around them: blurred with the black beside it, the outline is dark in every cell. */
function innerPixels(
  pixels: Float32Array,
  from: number,
  height: number,
  width: number,
  black: number,
): Int32Array {
  const inside = new Uint8Array(height * width);
  for (let i = 0, p = from; i < inside.length; i++, p += 3) {
    inside[i] = pixels[p] + pixels[p + 1] + pixels[p + 2] > black ? 1 : 0;
  }
  const across = new Uint8Array(height * width);
  for (let i = 1; i < inside.length - 1; i++) across[i] = inside[i - 1] & inside[i] & inside[i + 1];
  const places = new Int32Array(height * width);
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      if (across[i - width] & across[i] & across[i + width]) places[count++] = from + 3 * i;
    }
  }
  return places.subarray(0, count);
}

/** Logistic regression on the statistics, their squares and products. Its log-odds are added to the network's. */
export interface ColourRegression {
  /** Of the training cells, [statistics]. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Weights of the standardized statistics, [statistics]. */
  readonly linear: Float32Array;
  /** Weights of their products, [statistics, statistics]; 0 below the diagonal. */
  readonly products: Float32Array;
  /** [1] */
  readonly bias: Float32Array;
}

/** The parts of a regression and their shapes, as they are stored. */
export const colourShapes: Record<keyof ColourRegression, readonly number[]> = {
  mean: [STATISTICS],
  deviation: [STATISTICS],
  linear: [STATISTICS],
  products: [STATISTICS, STATISTICS],
  bias: [1],
};

/** Further from the mean a statistic counts as so far, in standard deviations: what is no cell must not be judged with certainty. */
export const MOST_DEVIATIONS = 4;

/** In standard deviations from the mean, `MOST_DEVIATIONS` at most. */
export function standardized(
  { mean, deviation }: Pick<ColourRegression, 'mean' | 'deviation'>,
  statistics: Float64Array,
): Float64Array {
  return statistics.map((value, i) =>
    Math.min(MOST_DEVIATIONS, Math.max(-MOST_DEVIATIONS, (value - mean[i]) / deviation[i])),
  );
}

/** Log-odds of parasitized. Only + - * / and square roots, so it is the same everywhere. */
export function colourLogOdds(regression: ColourRegression, statistics: Float64Array): number {
  const { linear, products, bias } = regression;
  const z = standardized(regression, statistics);
  let sum = bias[0];
  for (let i = 0; i < STATISTICS; i++) {
    let weight = linear[i];
    for (let j = i; j < STATISTICS; j++) weight += products[i * STATISTICS + j] * z[j];
    sum += z[i] * weight;
  }
  return sum;
}
