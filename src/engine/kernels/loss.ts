import { load4, store4, sumLanes } from './lanes';
import { exp, log } from './math';
import { madd } from './simd';

/**
 * Binary cross-entropy on logits x, targets smoothed to t (1 - s) + s / 2 (Keras), weights w for the samples:
 * loss (one f64) = sum w (max(x, 0) - x t + log(1 + exp(-|x|))) / n, gradient = w (sigmoid(x) - t) / n. One chunk.
 */
export function binaryCrossEntropy(
  scratch: usize, logits: usize, targets: usize, weights: usize, probabilities: usize, gradient: usize, loss: usize,
  smoothing: f64, n: i32, chunk: i32,
): void {
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = (<usize>i) << 2;
    const x = <f64>load<f32>(logits + at);
    const t = <f64>load<f32>(targets + at) * (1 - smoothing) + 0.5 * smoothing;
    const w = <f64>load<f32>(weights + at);
    // Not for NaN, which must come out as NaN.
    const e = x == x ? exp(-min<f64>(abs<f64>(x), 700)) : x;
    const p = (x >= 0 ? 1 : e) / (1 + e);
    total += w * (max<f64>(x, 0) - x * t + log(1 + e));
    store<f32>(probabilities + at, <f32>p);
    store<f32>(gradient + at, <f32>(w * (p - t) / <f64>n));
  }
  store<f64>(loss, total / <f64>n);
}

/** L2 penalty: gradient += 2 strength w; partials[chunk] (f64) = strength sum w^2. */
export function l2Penalty(
  scratch: usize, w: usize, gradient: usize, partials: usize, strength: f32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const twice = f32x4.splat(2 * strength);
  let total: f64 = 0;
  for (let i = chunk * perChunk; i < end; i += 4) {
    const v = load4(w, i);
    store4(gradient, i, madd(twice, v, load4(gradient, i)), end - i);
    total += squares(v, end - i);
  }
  store<f64>(partials + ((<usize>chunk) << 3), <f64>strength * total);
}

/** The sum of squares of the first `rest` lanes, in double precision. */
// @ts-ignore: decorator
@inline
function squares(v: v128, rest: i32): f64 {
  const square = f32x4.mul(v, v);
  if (rest >= 4) return sumLanes(square);
  let sum: f64 = <f64>f32x4.extract_lane(square, 0);
  if (rest > 1) sum += <f64>f32x4.extract_lane(square, 1);
  if (rest > 2) sum += <f64>f32x4.extract_lane(square, 2);
  return sum;
}

/** out (f64) += the sum of `count` f64. One chunk. */
export function addDoubles(scratch: usize, partials: usize, out: usize, count: i32, chunk: i32): void {
  let sum = load<f64>(out);
  for (let i = 0; i < count; i++) sum += load<f64>(partials + ((<usize>i) << 3));
  store<f64>(out, sum);
}

/** partials[chunk] (f64) = the sum of squares of the chunk's part of `x`. */
export function sumSquares(
  scratch: usize, x: usize, partials: usize, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  let total: f64 = 0;
  for (let i = chunk * perChunk; i < end; i += 4) total += squares(load4(x, i), end - i);
  store<f64>(partials + ((<usize>chunk) << 3), total);
}

/** Clipping by global norm: scale (f64) = limit / max(norm, limit), norm the root of the sum of `partials`. One chunk. */
export function clipScale(scratch: usize, partials: usize, scale: usize, limit: f64, count: i32, chunk: i32): void {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += load<f64>(partials + ((<usize>i) << 3));
  const norm = sqrt<f64>(sum);
  store<f64>(scale, norm > limit ? limit / norm : 1);
}
