import { store4 } from './lanes';
import { madd } from './simd';

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
