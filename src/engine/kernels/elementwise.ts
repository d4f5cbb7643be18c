import { load4, put4, store4 } from './lanes';
import { expf4 } from './math';
import { madd } from './simd';

// Layers that work value by value. A chunk is `perChunk` values (a multiple of 4); backward kernels add to dx where
// `accumulate`, else overwrite it. y may be x.

/** 1 / (1 + exp(-x)) */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, expf4(f32x4.neg(x))));
}

/** y = max(x, 0) */
export function reluForward(scratch: usize, x: usize, y: usize, length: i32, perChunk: i32, chunk: i32): void {
  const end = min(length, (chunk + 1) * perChunk);
  const zero = f32x4.splat(0);
  for (let i = chunk * perChunk; i < end; i += 4) store4(y, i, f32x4.pmax(load4(x, i), zero), end - i);
}

/** dx = dy where y > 0 */
export function reluBackward(
  scratch: usize, y: usize, dy: usize, dx: usize, accumulate: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const zero = f32x4.splat(0);
  for (let i = chunk * perChunk; i < end; i += 4) {
    put4(dx, i, v128.and(load4(dy, i), f32x4.gt(load4(y, i), zero)), accumulate, end - i);
  }
}

/** y = x sigmoid(x) */
export function siluForward(scratch: usize, x: usize, y: usize, length: i32, perChunk: i32, chunk: i32): void {
  const end = min(length, (chunk + 1) * perChunk);
  for (let i = chunk * perChunk; i < end; i += 4) {
    const v = load4(x, i);
    store4(y, i, f32x4.mul(v, sigmoid4(v)), end - i);
  }
}

/** Derivative of x s, s = sigmoid(x): s (1 + x (1 - s)) */
// @ts-ignore: decorator
@inline
export function siluSlope4(x: v128): v128 {
  const s = sigmoid4(x);
  const one = f32x4.splat(1);
  return f32x4.mul(s, madd(x, f32x4.sub(one, s), one));
}

export function siluBackward(
  scratch: usize, x: usize, dy: usize, dx: usize, accumulate: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  for (let i = chunk * perChunk; i < end; i += 4) {
    put4(dx, i, f32x4.mul(load4(dy, i), siluSlope4(load4(x, i))), accumulate, end - i);
  }
}

export function sigmoidForward(scratch: usize, x: usize, y: usize, length: i32, perChunk: i32, chunk: i32): void {
  const end = min(length, (chunk + 1) * perChunk);
  for (let i = chunk * perChunk; i < end; i += 4) store4(y, i, sigmoid4(load4(x, i)), end - i);
}

/** dx = dy y (1 - y) */
export function sigmoidBackward(
  scratch: usize, y: usize, dy: usize, dx: usize, accumulate: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const one = f32x4.splat(1);
  for (let i = chunk * perChunk; i < end; i += 4) {
    const s = load4(y, i);
    put4(dx, i, f32x4.mul(load4(dy, i), f32x4.mul(s, f32x4.sub(one, s))), accumulate, end - i);
  }
}

/** y = a + b, or max(a + b, 0) where `relu` */
export function addForward(
  scratch: usize, a: usize, b: usize, y: usize, relu: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const floor = f32x4.splat(relu ? 0 : -Infinity);
  for (let i = chunk * perChunk; i < end; i += 4) {
    store4(y, i, f32x4.pmax(f32x4.add(load4(a, i), load4(b, i)), floor), end - i);
  }
}

/** to = from, or to += from where `accumulate` */
export function copyValues(
  scratch: usize, from: usize, to: usize, accumulate: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  for (let i = chunk * perChunk; i < end; i += 4) put4(to, i, load4(from, i), accumulate, end - i);
}

/** y[p, c] = x[p, c] gate[c] for each image's positions p. A chunk is one image. */
export function scaleChannelsForward(
  scratch: usize, x: usize, gate: usize, y: usize, positions: i32, channels: i32, chunk: i32,
): void {
  const image = chunk * positions * channels;
  for (let p = 0; p < positions; p++) {
    const at = image + p * channels;
    for (let c = 0; c < channels; c += 4) {
      store4(y, at + c, f32x4.mul(load4(x, at + c), load4(gate, chunk * channels + c)), channels - c);
    }
  }
}

/** dx = dy gate, dgate[c] = sum over p of dy x; either may be 0 (not wanted). A chunk is one image. */
export function scaleChannelsBackward(
  scratch: usize, x: usize, gate: usize, dy: usize, dx: usize, accumulateDx: i32, dgate: usize, accumulateDgate: i32,
  positions: i32, channels: i32, chunk: i32,
): void {
  const image = chunk * positions * channels;
  for (let c = 0; c < channels; c += 4) {
    const rest = channels - c;
    const g = load4(gate, chunk * channels + c);
    let sum = f32x4.splat(0);
    let at = image + c;
    for (let p = 0; p < positions; p++) {
      const d = load4(dy, at);
      if (dgate) sum = madd(d, load4(x, at), sum);
      if (dx) put4(dx, at, f32x4.mul(d, g), accumulateDx, rest);
      at += channels;
    }
    if (dgate) put4(dgate, chunk * channels + c, sum, accumulateDgate, rest);
  }
}
