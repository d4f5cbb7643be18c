import { siluSlope4, sigmoid4 } from './elementwise';
import { load4, put4, store4 } from './lanes';
import { madd } from './simd';

// Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167) over rows x channels, rows = images x positions, with
// the activation behind it. A chunk is `rowsPerChunk` rows, meant to stay in the second-level cache; its sums are
// float32, those across chunks float64, added in the chunks' order.
//
//   y = activation(u), u = (z - mean) scale + beta, scale = gamma / sqrt(variance + epsilon)
//   g = dy activation'(u);  dbeta = sum g;  dgamma = sum g (z - mean) / deviation
//   dz = scale (g - sum g / n - (z - mean) / deviation^2 sum g (z - mean) / n)
//
// coefficients [4][channels]: mean, scale, beta, 1 / deviation. Backward recomputes u from z, so that y need not be kept.

const NONE: i32 = 0;
const RELU: i32 = 1;
const SILU: i32 = 2;

// @ts-ignore: decorator
@inline
function activate4(u: v128, activation: i32): v128 {
  if (activation == RELU) return f32x4.max(u, f32x4.splat(0));
  if (activation == SILU) return f32x4.mul(u, sigmoid4(u));
  return u;
}

/** dy times the slope of the activation at u. */
// @ts-ignore: decorator
@inline
function throughActivation4(dy: v128, u: v128, activation: i32): v128 {
  if (activation == RELU) return v128.and(dy, f32x4.gt(u, f32x4.splat(0)));
  if (activation == SILU) return f32x4.mul(dy, siluSlope4(u));
  return dy;
}

/** partials [chunk][2][channels]: the mean of the chunk's rows and the sum of squared differences from it. */
export function normalizationStatistics(
  scratch: usize, z: usize, partials: usize, rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const first = chunk * rowsPerChunk;
  const count = min(rows - first, rowsPerChunk);
  const row = (<usize>channels) << 2;
  const share = f32x4.splat(<f32>1 / <f32>count);
  const start = z + <usize>first * row;
  const to = partials + <usize>(2 * chunk) * row;
  let c = 0;
  // Four vectors at a time, a line of the cache; then one.
  for (; c + 16 <= channels; c += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = start + ((<usize>c) << 2);
    const end = p + <usize>count * row;
    for (let q = p; q != end; q += row) {
      s0 = f32x4.add(s0, v128.load(q));
      s1 = f32x4.add(s1, v128.load(q, 16));
      s2 = f32x4.add(s2, v128.load(q, 32));
      s3 = f32x4.add(s3, v128.load(q, 48));
    }
    const m0 = f32x4.mul(s0, share), m1 = f32x4.mul(s1, share), m2 = f32x4.mul(s2, share), m3 = f32x4.mul(s3, share);
    s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; p != end; p += row) {
      const d0 = f32x4.sub(v128.load(p), m0);
      const d1 = f32x4.sub(v128.load(p, 16), m1);
      const d2 = f32x4.sub(v128.load(p, 32), m2);
      const d3 = f32x4.sub(v128.load(p, 48), m3);
      s0 = madd(d0, d0, s0);
      s1 = madd(d1, d1, s1);
      s2 = madd(d2, d2, s2);
      s3 = madd(d3, d3, s3);
    }
    const at = to + ((<usize>c) << 2);
    v128.store(at, m0);
    v128.store(at, m1, 16);
    v128.store(at, m2, 32);
    v128.store(at, m3, 48);
    v128.store(at + row, s0);
    v128.store(at + row, s1, 16);
    v128.store(at + row, s2, 32);
    v128.store(at + row, s3, 48);
  }
  for (; c < channels; c += 4) {
    let sum = f32x4.splat(0);
    let p = start + ((<usize>c) << 2);
    const end = p + <usize>count * row;
    for (let q = p; q != end; q += row) sum = f32x4.add(sum, v128.load(q));
    const mean = f32x4.mul(sum, share);
    sum = f32x4.splat(0);
    for (; p != end; p += row) {
      const d = f32x4.sub(v128.load(p), mean);
      sum = madd(d, d, sum);
    }
    store4(to, c, mean, channels - c);
    store4(to, channels + c, sum, channels - c);
  }
}

/**
 * Joins the chunks' statistics (Chan et al. 1979), writes the coefficients and moves the running statistics:
 * running = momentum running + (1 - momentum) batch; the variance with n - 1 where `unbiased` (PyTorch), else n (Keras).
 * A chunk is 16 channels.
 */
export function normalizationFinish(
  scratch: usize, partials: usize, gamma: usize, beta: usize, runningMean: usize, runningVariance: usize, coefficients: usize,
  momentum: f64, epsilon: f64, unbiased: i32, rows: i32, channels: i32, rowsPerChunk: i32, chunk: i32,
): void {
  const chunks = (rows + rowsPerChunk - 1) / rowsPerChunk;
  const row = (<usize>channels) << 2;
  const last = min(channels, (chunk + 1) << 4);
  for (let c = chunk << 4; c < last; c++) {
    const at = (<usize>c) << 2;
    let mean: f64 = 0;
    for (let k = 0; k < chunks; k++) {
      mean += <f64>min(rows - k * rowsPerChunk, rowsPerChunk) * <f64>load<f32>(partials + <usize>(2 * k) * row + at);
    }
    mean /= <f64>rows;
    let squares: f64 = 0;
    for (let k = 0; k < chunks; k++) {
      const part = partials + <usize>(2 * k) * row + at;
      const off = <f64>load<f32>(part) - mean;
      squares += <f64>load<f32>(part + row) + <f64>min(rows - k * rowsPerChunk, rowsPerChunk) * off * off;
    }
    const variance = squares / <f64>rows;
    const inverse = 1 / sqrt<f64>(variance + epsilon);
    store<f32>(coefficients + at, <f32>mean);
    store<f32>(coefficients + row + at, <f32>(<f64>load<f32>(gamma + at) * inverse));
    store<f32>(coefficients + 2 * row + at, load<f32>(beta + at));
    store<f32>(coefficients + 3 * row + at, <f32>inverse);
    const moved = unbiased && rows > 1 ? squares / <f64>(rows - 1) : variance;
    store<f32>(runningMean + at, <f32>(momentum * <f64>load<f32>(runningMean + at) + (1 - momentum) * mean));
    store<f32>(runningVariance + at, <f32>(momentum * <f64>load<f32>(runningVariance + at) + (1 - momentum) * moved));
  }
}

/** The coefficients of inference, from the running statistics. One chunk. */
export function normalizationFromRunning(
  scratch: usize, gamma: usize, beta: usize, runningMean: usize, runningVariance: usize, coefficients: usize,
  epsilon: f64, channels: i32, chunk: i32,
): void {
  const row = (<usize>channels) << 2;
  for (let at: usize = 0; at < row; at += 4) {
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(runningVariance + at) + epsilon);
    store<f32>(coefficients + at, load<f32>(runningMean + at));
    store<f32>(coefficients + row + at, <f32>(<f64>load<f32>(gamma + at) * inverse));
    store<f32>(coefficients + 2 * row + at, load<f32>(beta + at));
    store<f32>(coefficients + 3 * row + at, <f32>inverse);
  }
}

/**
 * Folds a normalisation into the layer before it, whose weights have the channels last: w' = w scale,
 * bias' = (bias - mean) scale + beta. `bias` may be 0 (none). `outer`: values a channel. One chunk.
 */
export function normalizationFold(
  scratch: usize, w: usize, bias: usize, coefficients: usize, foldedW: usize, foldedBias: usize,
  outer: i32, channels: i32, chunk: i32,
): void {
  const row = (<usize>channels) << 2;
  for (let c: usize = 0; c < row; c += 4) {
    const scale = load<f32>(coefficients + row + c);
    for (let k = 0; k < outer; k++) {
      const at = <usize>k * row + c;
      store<f32>(foldedW + at, load<f32>(w + at) * scale);
    }
    const old: f64 = bias ? <f64>load<f32>(bias + c) : 0;
    store<f32>(foldedBias + c, <f32>((old - <f64>load<f32>(coefficients + c)) * <f64>scale + <f64>load<f32>(coefficients + 2 * row + c)));
  }
}

/** u for four channels. */
// @ts-ignore: decorator
@inline
function normalize4(z: v128, coefficients: usize, c: i32, channels: i32): v128 {
  return madd(
    f32x4.sub(z, load4(coefficients, c)),
    load4(coefficients, channels + c),
    load4(coefficients, 2 * channels + c),
  );
}

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
      store4(y, at, f32x4.max(f32x4.add(a, b), floor), channels - c);
    }
  }
}

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
