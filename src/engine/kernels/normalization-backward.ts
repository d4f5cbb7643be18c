import { load4, put4, store4 } from './lanes';
import { NONE, normalize4, RELU, SILU, throughActivation4 } from './normalization';
import { madd } from './simd';

/**
 * partials [chunk][2][channels]: sum g and sum g (z - mean). The slope of the activation is taken at u, recomputed from
 * z; or, where `y` (not 0) is the output of a ReLU further on, it is 1 where y > 0, and g is written to `masked` (may be dy).
 */
export function normalizationBackwardSums(
  scratch: usize, dy: usize, z: usize, y: usize, masked: usize, coefficients: usize, partials: usize, activation: i32,
  rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const first = chunk * rowsPerChunk;
  const last = min(rows, first + rowsPerChunk);
  const to = partials + (<usize>(2 * chunk) * <usize>channels << 2);
  if (y) sumMaskedRows(dy, z, y, masked, coefficients, to, first, last, channels);
  else if (activation == RELU) sumRows(dy, z, coefficients, to, RELU, first, last, channels);
  else if (activation == SILU) sumRows(dy, z, coefficients, to, SILU, first, last, channels);
  else sumRows(dy, z, coefficients, to, NONE, first, last, channels);
}

// @ts-ignore: decorator
@inline
function sumMaskedRows(
  dy: usize, z: usize, y: usize, masked: usize, coefficients: usize, to: usize, first: i32, last: i32, channels: i32,
): void {
  const row = (<usize>channels) << 2;
  const zero = f32x4.splat(0);
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const m0 = load4(coefficients, c), m1 = load4(coefficients, c + 4);
    let s0 = zero, s1 = zero, t0 = zero, t1 = zero;
    let at = <usize>first * row + ((<usize>c) << 2);
    const end = <usize>last * row + ((<usize>c) << 2);
    for (; at != end; at += row) {
      const g0 = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
      const g1 = v128.and(v128.load(dy + at, 16), f32x4.gt(v128.load(y + at, 16), zero));
      v128.store(masked + at, g0);
      v128.store(masked + at, g1, 16);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      t0 = madd(g0, f32x4.sub(v128.load(z + at), m0), t0);
      t1 = madd(g1, f32x4.sub(v128.load(z + at, 16), m1), t1);
    }
    store4(to, c, s0, 4);
    store4(to, c + 4, s1, 4);
    store4(to, channels + c, t0, 4);
    store4(to, channels + c + 4, t1, 4);
  }
  for (; c < channels; c += 4) {
    const mean = load4(coefficients, c);
    let sum = zero, moment = zero;
    for (let r = first; r < last; r++) {
      const at = r * channels + c;
      const g = v128.and(load4(dy, at), f32x4.gt(load4(y, at), zero));
      store4(masked, at, g, channels - c);
      sum = f32x4.add(sum, g);
      moment = madd(g, f32x4.sub(load4(z, at), mean), moment);
    }
    store4(to, c, sum, channels - c);
    store4(to, channels + c, moment, channels - c);
  }
}

// @ts-ignore: decorator
@inline
function sumRows(dy: usize, z: usize, coefficients: usize, to: usize, activation: i32, first: i32, last: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    const m0 = load4(coefficients, c), m1 = load4(coefficients, c + 4);
    const k0 = load4(coefficients, channels + c), k1 = load4(coefficients, channels + c + 4);
    const b0 = load4(coefficients, 2 * channels + c), b1 = load4(coefficients, 2 * channels + c + 4);
    let s0 = f32x4.splat(0), s1 = s0, t0 = s0, t1 = s0;
    let at = <usize>first * row + ((<usize>c) << 2);
    const end = <usize>last * row + ((<usize>c) << 2);
    for (; at != end; at += row) {
      const d0 = f32x4.sub(v128.load(z + at), m0);
      const d1 = f32x4.sub(v128.load(z + at, 16), m1);
      const g0 = throughActivation4(v128.load(dy + at), madd(d0, k0, b0), activation);
      const g1 = throughActivation4(v128.load(dy + at, 16), madd(d1, k1, b1), activation);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      t0 = madd(g0, d0, t0);
      t1 = madd(g1, d1, t1);
    }
    store4(to, c, s0, 4);
    store4(to, c + 4, s1, 4);
    store4(to, channels + c, t0, 4);
    store4(to, channels + c + 4, t1, 4);
  }
  for (; c < channels; c += 4) {
    const mean = load4(coefficients, c);
    let sum = f32x4.splat(0), moment = f32x4.splat(0);
    for (let r = first; r < last; r++) {
      const at = r * channels + c;
      const v = load4(z, at);
      const g = throughActivation4(load4(dy, at), normalize4(v, coefficients, c, channels), activation);
      sum = f32x4.add(sum, g);
      moment = madd(g, f32x4.sub(v, mean), moment);
    }
    store4(to, c, sum, channels - c);
    store4(to, channels + c, moment, channels - c);
  }
}

/**
 * Adds the chunks' sums; writes dgamma, dbeta and slopes [2][channels], with which dz = scale g - slopes[0] - (z - mean) slopes[1].
 * A chunk is 16 channels.
 */
export function normalizationBackwardFinish(
  scratch: usize, partials: usize, coefficients: usize, dgamma: usize, dbeta: usize, slopes: usize,
  rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const chunks = (rows + rowsPerChunk - 1) / rowsPerChunk;
  const row = (<usize>channels) << 2;
  const last = min(channels, (chunk + 1) << 4);
  for (let c = chunk << 4; c < last; c++) {
    const at = (<usize>c) << 2;
    let sum: f64 = 0, moment: f64 = 0;
    for (let k = 0; k < chunks; k++) {
      sum += <f64>load<f32>(partials + <usize>(2 * k) * row + at);
      moment += <f64>load<f32>(partials + <usize>(2 * k + 1) * row + at);
    }
    const scale = <f64>load<f32>(coefficients + row + at);
    const inverse = <f64>load<f32>(coefficients + 3 * row + at);
    store<f32>(dbeta + at, <f32>sum);
    store<f32>(dgamma + at, <f32>(moment * inverse));
    store<f32>(slopes + at, <f32>(scale * sum / <f64>rows));
    store<f32>(slopes + row + at, <f32>(scale * inverse * inverse * moment / <f64>rows));
  }
}

/** dz from dy (activation: that of the forward pass) or from the masked gradient (activation 0). dz may be dy. */
export function normalizationBackward(
  scratch: usize, dy: usize, z: usize, coefficients: usize, slopes: usize, dz: usize, accumulate: i32, activation: i32,
  rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const first = chunk * rowsPerChunk;
  const last = min(rows, first + rowsPerChunk);
  if (activation == RELU) backwardRows(dy, z, coefficients, slopes, dz, accumulate, RELU, first, last, channels);
  else if (activation == SILU) backwardRows(dy, z, coefficients, slopes, dz, accumulate, SILU, first, last, channels);
  else backwardRows(dy, z, coefficients, slopes, dz, accumulate, NONE, first, last, channels);
}

// @ts-ignore: decorator
@inline
function backwardRows(
  dy: usize, z: usize, coefficients: usize, slopes: usize, dz: usize, accumulate: i32, activation: i32,
  first: i32, last: i32, channels: i32,
): void {
  const row = (<usize>channels) << 2;
  let c = 0;
  if (!accumulate) {
    for (; c + 8 <= channels; c += 8) {
      const m0 = load4(coefficients, c), m1 = load4(coefficients, c + 4);
      const k0 = load4(coefficients, channels + c), k1 = load4(coefficients, channels + c + 4);
      const b0 = load4(coefficients, 2 * channels + c), b1 = load4(coefficients, 2 * channels + c + 4);
      const a0 = load4(slopes, c), a1 = load4(slopes, c + 4);
      const s0 = f32x4.neg(load4(slopes, channels + c)), s1 = f32x4.neg(load4(slopes, channels + c + 4));
      let at = <usize>first * row + ((<usize>c) << 2);
      const end = <usize>last * row + ((<usize>c) << 2);
      for (; at != end; at += row) {
        const d0 = f32x4.sub(v128.load(z + at), m0);
        const g0 = throughActivation4(v128.load(dy + at), madd(d0, k0, b0), activation);
        v128.store(dz + at, madd(d0, s0, f32x4.sub(f32x4.mul(g0, k0), a0)));
        const d1 = f32x4.sub(v128.load(z + at, 16), m1);
        const g1 = throughActivation4(v128.load(dy + at, 16), madd(d1, k1, b1), activation);
        v128.store(dz + at, madd(d1, s1, f32x4.sub(f32x4.mul(g1, k1), a1)), 16);
      }
    }
  }
  for (; c < channels; c += 4) {
    const rest = channels - c;
    const mean = load4(coefficients, c);
    const scale = load4(coefficients, channels + c);
    const beta = load4(coefficients, 2 * channels + c);
    const constant = load4(slopes, c);
    const slope = f32x4.neg(load4(slopes, channels + c));
    let at = <usize>first * row + ((<usize>c) << 2);
    const end = <usize>last * row + ((<usize>c) << 2);
    for (; at != end; at += row) {
      const d = f32x4.sub(v128.load(z + at), mean);
      const g = throughActivation4(v128.load(dy + at), madd(d, scale, beta), activation);
      put4(dz + at, 0, madd(d, slope, f32x4.sub(f32x4.mul(g, scale), constant)), accumulate, rest);
    }
  }
}
