import type { CellImage } from '../cells/image.ts';
import { type Taps, triangleTaps } from '../cells/triangle-taps.ts';

/**
 * How the image of a cell, of any size, becomes the network's input. Training, inference and the ONNX file share this
 * one definition: `src/model/onnx/preprocessing.ts` writes the same formulas as a graph.
 *
 * Only + - * / on float32 and float64 are used, so every JavaScript engine gives the same bits.
 */
export type Preprocessing = StretchFit | KeepScaleFit;

/** Nearest neighbour to height x width, whatever the aspect (as Keras' `flow_from_directory` does by default). */
export interface StretchFit extends PixelValues {
  readonly fit: 'stretch';
}

/** The whole cell, centred on black, at `pixelScale` output pixels per source pixel, or less where it would not fit. */
export interface KeepScaleFit extends PixelValues {
  readonly fit: 'keep-scale';
  readonly pixelScale: number;
}

interface PixelValues {
  readonly height: number;
  readonly width: number;
  /** value = pixel (0 ... 255) * scale + offset, in float32; an offset is per channel (R, G, B). */
  readonly scale: number;
  readonly offset: 0 | readonly [number, number, number];
}

/**
 * Fits one image and writes `height * width * 3` float32 values (rows, columns, R G B) to `out` from `offset` on.
 * @throws RangeError if they do not fit into `out`
 */
export function preprocess(
  image: CellImage,
  preprocessing: Preprocessing,
  out: Float32Array,
  offset: number,
): void {
  const { height, width } = preprocessing;
  if (offset + height * width * 3 > out.length) {
    throw new RangeError(
      `an image of ${height}x${width}x3 does not fit at ${offset} of ${out.length} values`,
    );
  }
  if (preprocessing.fit === 'stretch') stretch(image, preprocessing, out, offset);
  else keepScale(image, preprocessing, out, offset);
}

/**
 * Source index of output index i: floor((2 i + 1) * from / (2 * to)), in exact integers. Pillow adds up a float64 step
 * instead, and where the quotient is a whole number it sometimes takes the pixel before.
 */
export function nearestIndices(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to }, (_, i) => Math.floor(((2 * i + 1) * from) / (2 * to)));
}

function stretch(image: CellImage, preprocessing: StretchFit, out: Float32Array, offset: number): void {
  const { data, width: sourceWidth } = image;
  const rows = cachedNearest(image.height, preprocessing.height);
  const columns = cachedNearest(sourceWidth, preprocessing.width);
  const factor = Math.fround(preprocessing.scale);
  const [red, green, blue] = offsets(preprocessing);
  const stride = columns.length * 3;
  let o = offset;
  for (let y = 0; y < rows.length; y++) {
    if (y > 0 && rows[y] === rows[y - 1]) {
      out.copyWithin(o, o - stride, o);
      o += stride;
      continue;
    }
    const row = rows[y] * sourceWidth;
    for (let x = 0; x < columns.length; x++) {
      const p = (row + columns[x]) * 3;
      out[o] = Math.fround(data[p] * factor) + red;
      out[o + 1] = Math.fround(data[p + 1] * factor) + green;
      out[o + 2] = Math.fround(data[p + 2] * factor) + blue;
      o += 3;
    }
  }
}

/** Output pixels per source pixel for an image of this size, in float32. */
export function fittedScale(image: { height: number; width: number }, preprocessing: KeepScaleFit): number {
  return Math.min(
    Math.fround(preprocessing.pixelScale),
    Math.fround(preprocessing.height / image.height),
    Math.fround(preprocessing.width / image.width),
  );
}

function keepScale(image: CellImage, preprocessing: KeepScaleFit, out: Float32Array, offset: number): void {
  const { height, width } = preprocessing;
  const scale = fittedScale(image, preprocessing);
  const rows = cachedTaps(image.height, height, scale);
  const columns = cachedTaps(image.width, width, scale);
  const factor = Math.fround(preprocessing.scale);
  const [red, green, blue] = offsets(preprocessing);
  const { first, count, weights, most } = columns;
  // Four taps are read of every column: beyond the last there are zeros.
  const blended = new Float32Array((image.width + TAPS) * 3);
  let o = offset;
  for (let y = 0; y < height; y++) {
    // Rows first, then columns: one row of the source's width lies between them, which stays in the cache.
    blendRows(image, rows, y, blended);
    for (let x = 0; x < width; x++, o += 3) {
      const w = x * most;
      let p = first[x] * 3;
      const w0 = weights[w];
      const w1 = weights[w + 1];
      const w2 = weights[w + 2];
      const w3 = weights[w + 3];
      let r = w0 * blended[p] + w1 * blended[p + 3] + w2 * blended[p + 6] + w3 * blended[p + 9];
      let g = w0 * blended[p + 1] + w1 * blended[p + 4] + w2 * blended[p + 7] + w3 * blended[p + 10];
      let b = w0 * blended[p + 2] + w1 * blended[p + 5] + w2 * blended[p + 8] + w3 * blended[p + 11];
      for (let k = TAPS; k < count[x]; k++) {
        p = (first[x] + k) * 3;
        r += weights[w + k] * blended[p];
        g += weights[w + k] * blended[p + 1];
        b += weights[w + k] * blended[p + 2];
      }
      out[o] = Math.fround(Math.fround(r) * factor) + red;
      out[o + 1] = Math.fround(Math.fround(g) * factor) + green;
      out[o + 2] = Math.fround(Math.fround(b) * factor) + blue;
    }
  }
}

/** Taken in one pass, as shrinking to a half has them; what has fewer has weights of 0 after its last (`triangleTaps`). */
const TAPS = 4;

/** Sums in float32, tap by tap. */
function blendRows(
  { data, width, height }: CellImage,
  { first, count, weights, most }: Taps,
  y: number,
  blended: Float32Array,
): void {
  const stride = width * 3;
  const w = y * most;
  let k = 0;
  if (count[y] === 0 || first[y] + TAPS > height) blended.fill(0);
  else {
    const w0 = weights[w];
    const w1 = weights[w + 1];
    const w2 = weights[w + 2];
    const w3 = weights[w + 3];
    const p0 = first[y] * stride;
    const [p1, p2, p3] = [p0 + stride, p0 + 2 * stride, p0 + 3 * stride];
    for (let x = 0; x < stride; x++) {
      let sum = Math.fround(w0 * data[p0 + x]);
      sum = Math.fround(sum + w1 * data[p1 + x]);
      sum = Math.fround(sum + w2 * data[p2 + x]);
      blended[x] = sum + w3 * data[p3 + x];
    }
    k = TAPS;
  }
  for (; k < count[y]; k++) {
    const row = (first[y] + k) * stride;
    const weight = weights[w + k];
    for (let x = 0; x < stride; x++) blended[x] += weight * data[row + x];
  }
}

function offsets({ offset }: PixelValues): readonly [number, number, number] {
  if (offset === 0) return [0, 0, 0];
  return [Math.fround(offset[0]), Math.fround(offset[1]), Math.fround(offset[2])];
}

const cachedNearest = bounded(nearestIndices, ({ length }) => length);
const cachedTaps = bounded(
  triangleTaps,
  ({ first, count, weights }) => first.length + count.length + weights.length,
);

/** Numbers of either kind kept in each thread, 32 MB: those of thousands of sizes of cells, at most recipes' scales. */
const MOST_KEPT = 2 ** 23;

/** Keeps the last results: cells of one slide come in a few hundred sizes. */
function bounded<A extends number[], R>(
  compute: (...args: A) => R,
  sizeOf: (result: R) => number,
): (...args: A) => R {
  const kept = new Map<string, R>();
  let size = 0;
  return (...args) => {
    const key = args.join();
    let result = kept.get(key);
    if (result === undefined) {
      result = compute(...args);
      size += sizeOf(result);
      for (const [oldest, other] of kept) {
        if (size <= MOST_KEPT) break;
        kept.delete(oldest);
        size -= sizeOf(other);
      }
      kept.set(key, result);
    }
    return result;
  };
}
