import { load4, store4 } from './lanes';
import { activate4, NONE, normalize4, RELU, SILU } from './normalization';
import { madd } from './simd';

/** y = activation(normalise(z)). y may be z. */
export function normalizationForward(
  scratch: usize, z: usize, coefficients: usize, y: usize, activation: i32, rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const last = min(rows, (chunk + 1) * rowsPerChunk);
  if (activation == RELU) forwardRows(z, coefficients, y, RELU, chunk * rowsPerChunk, last, channels);
  else if (activation == SILU) forwardRows(z, coefficients, y, SILU, chunk * rowsPerChunk, last, channels);
  else forwardRows(z, coefficients, y, NONE, chunk * rowsPerChunk, last, channels);
}

// @ts-ignore: decorator
@inline
function forwardRows(z: usize, coefficients: usize, y: usize, activation: i32, first: i32, last: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const m0 = load4(coefficients, c), m1 = load4(coefficients, c + 4);
    const s0 = load4(coefficients, channels + c), s1 = load4(coefficients, channels + c + 4);
    const b0 = load4(coefficients, 2 * channels + c), b1 = load4(coefficients, 2 * channels + c + 4);
    let at = <usize>first * row + ((<usize>c) << 2);
    const end = <usize>last * row + ((<usize>c) << 2);
    for (; at != end; at += row) {
      v128.store(y + at, activate4(madd(f32x4.sub(v128.load(z + at), m0), s0, b0), activation));
      v128.store(y + at, activate4(madd(f32x4.sub(v128.load(z + at, 16), m1), s1, b1), activation), 16);
    }
  }
  for (; c < channels; c += 4) {
    for (let r = first; r < last; r++) {
      const at = r * channels + c;
      store4(y, at, activate4(normalize4(load4(z, at), coefficients, c, channels), activation), channels - c);
    }
  }
}

/**
 * y = normalise(z) + other, or max(that, 0) where `relu`. Where `otherCoefficients`, other is normalised too.
 */
export function normalizationAddForward(
  scratch: usize, z: usize, coefficients: usize, other: usize, otherCoefficients: usize, y: usize, relu: i32,
  rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const last = min(rows, (chunk + 1) * rowsPerChunk);
  const floor = f32x4.splat(relu ? 0 : -Infinity);
  for (let r = chunk * rowsPerChunk; r < last; r++) {
    for (let c = 0; c < channels; c += 4) {
      const at = r * channels + c;
      let b = load4(other, at);
      if (otherCoefficients) b = normalize4(b, otherCoefficients, c, channels);
      const a = normalize4(load4(z, at), coefficients, c, channels);
      store4(y, at, f32x4.pmax(f32x4.add(a, b), floor), channels - c);
    }
  }
}
