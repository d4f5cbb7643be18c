import { gemm } from './gemm';
import { madd, zero } from './simd';
import {
  gradientTransform,
  inputGradientTransform,
  inputTransform,
  outputTransformColumns,
} from './winograd-transforms';
import {
  outputPhase,
  stridedGradientTransform,
  stridedInputGradient,
  stridedInputTransform,
  stridedOutputColumns,
} from './winograd-strided-transforms';

/** Bytes of the transforms' own memory: 81 vectors, rounded up. */
export const TEMPORARY: usize = 1344;

/** Positions a dimension: inputs of a tile. */
// @ts-ignore: decorator
@inline
function pointsOf(stride: i32): i32 {
  return stride == 1 ? 6 : 9;
}

/** Rows (and columns) that neighbouring tiles share. */
// @ts-ignore: decorator
@inline
function overlapOf(stride: i32): i32 {
  return stride == 1 ? 2 : 1;
}

/** Which of the 36 weights a position meets: with stride 2 the last four of a dimension share one. */
// @ts-ignore: decorator
@inline
function weightOf(row: i32, column: i32): i32 {
  return min(row, 5) * 6 + min(column, 5);
}

// 3x3 convolutions of stride 1 by Winograd F(4x4, 3x3), of stride 2 by its phases (winograd-strided-transforms.ts), NHWC, a strip of tile rows at a time, so that its buffers stay in
// the second-level cache. A batch normalisation and ReLU before the convolution, and the gradient through one behind it, can
// be computed strip by strip and never stored whole; the formulas and the coefficients (mean, scale, beta, 1 / deviation) are
// those of normalization.ts. Channels: multiples of four, but for an input of fewer than four.

/** Bytes from one of the 36 positions to the next: an odd number of cache lines, as even ones collide in the cache. */
// @ts-ignore: decorator
@inline
export function positionStride(tiles: i32, channels: i32): usize {
  const lines = (tiles * channels * 4 + 63) >> 6;
  return <usize>(lines | 1) << 6;
}

// @ts-ignore: decorator
@inline
export function multipleOfFour(channels: i32): i32 {
  return (channels + 3) & ~3;
}

/**
 * Copies rows first ... first + count - 1 of a padded image into `rows`; zero beyond the edge.
 * With `coefficients`: relu of x normalised. Pixel stride of `rows`: channels rounded up to four.
 */
export function fillRows(
  x: usize, coefficients: usize, rows: usize, first: i32, count: i32, width: i32,
  h: i32, wd: i32, channels: i32, pad: i32,
): void {
  const pixel = (<usize>multipleOfFour(channels)) << 2;
  const row = <usize>width * pixel;
  const inside = max(0, min(wd, width - pad));
  for (let r = 0; r < count; r++) {
    const to = rows + <usize>r * row;
    const y = first + r - pad;
    if (y < 0 || y >= h) {
      memory.fill(to, 0, row);
      continue;
    }
    if (pad) memory.fill(to, 0, <usize>pad * pixel);
    const start = to + <usize>pad * pixel;
    if (pad + inside < width) memory.fill(start + <usize>inside * pixel, 0, <usize>(width - pad - inside) * pixel);
    const from = x + (<usize>(y * wd * channels) << 2);
    if (coefficients) {
      for (let c: usize = 0; c < pixel; c += 16) {
        const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
        const beta = v128.load(coefficients + 2 * pixel + c);
        let p = from + c, q = start + c;
        const end = p + <usize>inside * pixel;
        for (; p < end; p += pixel) {
          v128.store(q, f32x4.max(madd(f32x4.sub(v128.load(p), mean), scale, beta), f32x4.splat(0)));
          q += pixel;
        }
      }
    } else if (channels & 3) {
      let p = from, q = start;
      for (let i = 0; i < inside; i++) {
        v128.store(q, f32x4.splat(0));
        for (let c: usize = 0; c < <usize>channels << 2; c += 4) store<f32>(q + c, load<f32>(p + c));
        p += (<usize>channels) << 2;
        q += pixel;
      }
    } else {
      memory.copy(start, from, <usize>inside * pixel);
    }
  }
}

/**
 * Rows of the gradient by z, the output of the convolution, from dy, that by the normalised (and, where `relu`, rectified) z:
 * dz = scale g - slopes[0] - (z - mean) slopes[1]. Zero beyond the edge.
 */
function fillGradientRows(
  dy: usize, z: usize, coefficients: usize, slopes: usize, relu: i32, rows: usize, first: i32, count: i32, width: i32,
  h: i32, wd: i32, channels: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>width * pixel;
  const inside = min(wd, width);
  for (let r = 0; r < count; r++) {
    const to = rows + <usize>r * row;
    const y = first + r;
    if (y >= h) {
      memory.fill(to, 0, row);
      continue;
    }
    if (inside < width) memory.fill(to + <usize>inside * pixel, 0, <usize>(width - inside) * pixel);
    const at = <usize>(y * wd) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
      const beta = v128.load(coefficients + 2 * pixel + c);
      const constant = v128.load(slopes + c), slope = f32x4.neg(v128.load(slopes + pixel + c));
      let p = at + c, q = to + c;
      const end = p + <usize>inside * pixel;
      for (; p < end; p += pixel) {
        const d = f32x4.sub(v128.load(z + p), mean);
        let g = v128.load(dy + p);
        if (relu) g = v128.and(g, f32x4.gt(madd(d, scale, beta), f32x4.splat(0)));
        v128.store(q, madd(d, slope, f32x4.sub(f32x4.mul(g, scale), constant)));
        q += pixel;
      }
    }
  }
}

/** V of `tileRows` x tilesWide tiles from the strip's rows. */
// @ts-ignore: decorator
@inline
function transformStrip(
  rows: usize, row: usize, pixel: usize, channels: i32, stride: i32, tileRows: i32, tilesWide: i32,
  temporary: usize, v: usize, position: usize,
): void {
  const step = 4 * stride;
  const tileBytes = (<usize>channels) << 2;
  let out = v;
  for (let i = 0; i < tileRows; i++) {
    let d = rows + <usize>(step * i) * row;
    for (let j = 0; j < tilesWide; j++) {
      for (let c: usize = 0; c < tileBytes; c += 16) {
        if (stride == 1) inputTransform(d + c, row, pixel, temporary, out + c, position);
        else stridedInputTransform(d + c, row, pixel, temporary, out + c, position);
      }
      out += tileBytes;
      d += <usize>step * pixel;
    }
  }
}

/** M = V U for all positions. u [36][ceil(n / 8)][k][8]. */
// @ts-ignore: decorator
@inline
function multiplyPositions(
  v: usize, vPosition: usize, vRow: usize, u: usize, m: usize, mPosition: usize, mRow: usize,
  stride: i32, tiles: i32, k: i32, n: i32,
): void {
  const block = (<usize>k) << 5;
  const blocks = (n + 7) >> 3;
  const points = pointsOf(stride);
  for (let r = 0; r < points; r++) {
    for (let c = 0; c < points; c++) {
      let panel = u + <usize>(weightOf(r, c) * blocks) * block;
      for (let j = 0; j < n; j += 8) {
        gemm(v, vRow, 4, panel, 32, m + ((<usize>j) << 2), mRow, tiles, min(8, n - j), k, false, 0);
        panel += block;
      }
      v += vPosition;
      m += mPosition;
    }
  }
}

/**
 * y = convolution(x, w) + bias (0: none); of relu of x normalised where `coefficients` (0: none) are given.
 * statistics (0: none) [chunk][2][cout]: the mean of y and the sum of its squared deviations, as `normalizationStatistics`.
 */
export function winogradForward(
  scratch: usize, x: usize, coefficients: usize, u: usize, bias: usize, y: usize, statistics: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, stride: i32, pad: i32, tileRows: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const tilesWide = (wo + 3) >> 2, tilesHigh = (ho + 3) >> 2;
  const step = 4 * stride, overlap = overlapOf(stride), positions = <usize>(pointsOf(stride) * pointsOf(stride));
  const width = step * tilesWide + overlap;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const vPosition = positionStride(tileRows * tilesWide, cinPadded);
  const mPosition = positionStride(tileRows * tilesWide, cout);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + <usize>(step * tileRows + overlap) * row + 64;
  const m = v + positions * vPosition + 64;
  const rowBytes = (<usize>pointsOf(stride)) << 4;
  const outPixel = (<usize>cout) << 2;
  const sums = statistics + <usize>chunk * 2 * outPixel;
  if (statistics) zero(sums, 2 * cout);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    const yi = y + <usize>image * <usize>(ho * wo) * outPixel;
    for (let top = 0; top < tilesHigh; top += tileRows) {
      const high = min(tileRows, tilesHigh - top);
      fillRows(xi, coefficients, rows, step * top, step * high + overlap, width, h, wd, cin, pad);
      transformStrip(rows, row, pixel, cinPadded, stride, high, tilesWide, temporary, v, vPosition);
      multiplyPositions(v, vPosition, pixel, u, m, mPosition, outPixel, stride, high * tilesWide, cin, cout);
      for (let c: usize = 0; c < outPixel; c += 16) {
        let b = f32x4.splat(0);
        if (bias) b = v128.load(bias + c);
        let sum = f32x4.splat(0), squares = f32x4.splat(0);
        let product = m + c;
        for (let i = 0; i < high; i++) {
          const oy = 4 * (top + i);
          const yEnd = min(4, ho - oy);
          for (let j = 0; j < tilesWide; j++) {
            if (stride == 1) outputTransformColumns(product, mPosition, temporary);
            else stridedOutputColumns(product, mPosition, temporary);
            product += outPixel;
            const ox = 4 * j;
            const across = wo - ox;
            let to = yi + <usize>(oy * wo + ox) * outPixel + c;
            let t = temporary;
            for (let r = 0; r < yEnd; r++) {
              // In place: a row's products become its outputs.
              if (stride == 1) outputRow(t);
              else outputPhase(t, 16, t, 16);
              const o0 = f32x4.add(v128.load(t), b), o1 = f32x4.add(v128.load(t, 16), b);
              const o2 = f32x4.add(v128.load(t, 32), b), o3 = f32x4.add(v128.load(t, 48), b);
              t += rowBytes;
              v128.store(to, o0);
              sum = f32x4.add(sum, o0);
              squares = madd(o0, o0, squares);
              if (across > 1) {
                v128.store(to + outPixel, o1);
                sum = f32x4.add(sum, o1);
                squares = madd(o1, o1, squares);
              }
              if (across > 2) {
                v128.store(to + 2 * outPixel, o2);
                sum = f32x4.add(sum, o2);
                squares = madd(o2, o2, squares);
              }
              if (across > 3) {
                v128.store(to + 3 * outPixel, o3);
                sum = f32x4.add(sum, o3);
                squares = madd(o3, o3, squares);
              }
              to += <usize>wo * outPixel;
            }
          }
        }
        if (statistics) {
          const at = sums + c;
          v128.store(at, f32x4.add(v128.load(at), sum));
          v128.store(at + outPixel, f32x4.add(v128.load(at + outPixel), squares));
        }
      }
    }
  }
  if (statistics) {
    const count = <f64>((last - chunk * imagesPerChunk) * ho * wo);
    for (let c: usize = 0; c < outPixel; c += 4) {
      const sum = <f64>load<f32>(sums + c), squares = <f64>load<f32>(sums + outPixel + c);
      store<f32>(sums + c, <f32>(sum / count));
      store<f32>(sums + outPixel + c, <f32>max<f64>(0, squares - (sum * sum) / count));
    }
  }
}

/** The second half of the output transform, for one row: six products become four outputs, in place. */
// @ts-ignore: decorator
@inline
function outputRow(t: usize): void {
  const m0 = v128.load(t), m1 = v128.load(t, 16), m2 = v128.load(t, 32);
  const m3 = v128.load(t, 48), m4 = v128.load(t, 64), m5 = v128.load(t, 80);
  const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
  v128.store(t, f32x4.add(f32x4.add(m0, s12), s34));
  v128.store(t, madd(d34, f32x4.splat(2), d12), 16);
  v128.store(t, madd(s34, f32x4.splat(4), s12), 32);
  v128.store(t, f32x4.add(madd(d34, f32x4.splat(8), d12), m5), 48);
}

/**
 * Both gradients of `winogradForward`, in its domain: dU += V' D (this chunk's part, [chunk][36][cin][cout]) and, where
 * dx is wanted, dV = D U', dx = the overlapping sum of B dV B'. uBackward is `winogradWeights` with `backward`.
 * With `coefficients` the gradient goes through the ReLU too, and inputSums [chunk][2][cin] gets the sums of it, g, and of
 * g (x - mean), as `normalizationBackwardSums`. Where `slopes` (0: none) are given, dy is the gradient behind a normalisation of z, this convolution's output.
 */
export function winogradBackward(
  scratch: usize, x: usize, coefficients: usize, uBackward: usize,
  dy: usize, z: usize, zCoefficients: usize, slopes: usize, zRelu: i32, dx: usize, accumulateDx: i32,
  inputSums: usize, duPartials: usize, dbPartials: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, stride: i32, pad: i32, tileRows: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const tilesWide = (wo + 3) >> 2, tilesHigh = (ho + 3) >> 2;
  const step = 4 * stride, overlap = overlapOf(stride), positions = <usize>(pointsOf(stride) * pointsOf(stride));
  const width = step * tilesWide + overlap;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const outPixel = (<usize>cout) << 2, outRow = <usize>(4 * tilesWide) * outPixel;
  const vPosition = positionStride(tileRows * tilesWide, cinPadded);
  const dPosition = positionStride(tileRows * tilesWide, cout);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + <usize>(step * tileRows + overlap) * row + 64;
  const d = v + positions * vPosition + 64;
  const gradients = d + positions * dPosition + 64;
  const du = duPartials + (<usize>chunk * <usize>(36 * cin * cout) << 2);
  zero(du, 36 * cin * cout);
  const db = dbPartials + <usize>chunk * outPixel;
  if (dbPartials) zero(db, cout);
  const sums = inputSums + <usize>(2 * chunk) * pixel;
  if (inputSums) zero(sums, 2 * cin);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    const dxi = dx + (<usize>image * <usize>(h * wd * cin) << 2);
    const dyi = dy + <usize>image * <usize>(ho * wo) * outPixel;
    for (let top = 0; top < tilesHigh; top += tileRows) {
      const high = min(tileRows, tilesHigh - top);
      const tiles = high * tilesWide;
      fillRows(xi, coefficients, rows, step * top, step * high + overlap, width, h, wd, cin, pad);
      transformStrip(rows, row, pixel, cinPadded, stride, high, tilesWide, temporary, v, vPosition);
      // The rows are not needed any more: they become the strip's input gradient, and hold dy before that.
      if (slopes) {
        const zi = z + <usize>image * <usize>(ho * wo) * outPixel;
        fillGradientRows(dyi, zi, zCoefficients, slopes, zRelu, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout);
      } else {
        fillRows(dyi, 0, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout, 0);
      }
      if (dbPartials) addRows(gradients, db, 16 * tiles, cout);
      let out = d;
      for (let i = 0; i < high; i++) {
        let from = gradients + <usize>(4 * i) * outRow;
        for (let j = 0; j < tilesWide; j++) {
          for (let c: usize = 0; c < outPixel; c += 16) {
            if (stride == 1) gradientTransform(from + c, outRow, outPixel, temporary, out + c, dPosition);
            else stridedGradientTransform(from + c, outRow, outPixel, temporary, out + c, dPosition);
          }
          out += outPixel;
          from += 4 * outPixel;
        }
      }
      let vq = v, dq = d;
      for (let r = 0; r < pointsOf(stride); r++) {
        for (let c = 0; c < pointsOf(stride); c++) {
          const part = du + (<usize>(weightOf(r, c) * cin * cout) << 2);
          gemm(vq, 4, pixel, dq, outPixel, part, outPixel, cin, cout, tiles, true, 0);
          vq += vPosition;
          dq += dPosition;
        }
      }
      if (!dx) continue;
      multiplyPositions(d, dPosition, outPixel, uBackward, v, vPosition, pixel, stride, tiles, cout, cin);
      // The first rows of a strip overlap the strip above.
      const carried = top ? overlap : 0;
      if (carried) memory.copy(rows, gradients + carryOffset(tileRows, tilesWide, cout), <usize>overlap * row);
      memory.fill(rows + <usize>carried * row, 0, <usize>(step * high + overlap - carried) * row);
      let product = v;
      for (let i = 0; i < high; i++) {
        let to = rows + <usize>(step * i) * row;
        for (let j = 0; j < tilesWide; j++) {
          for (let c: usize = 0; c < pixel; c += 16) {
            if (stride == 1) inputGradientTransform(product + c, vPosition, temporary, to + c, row, pixel);
            else stridedInputGradient(product + c, vPosition, temporary, to + c, row, pixel);
          }
          product += pixel;
          to += <usize>step * pixel;
        }
      }
      const complete = step * high + (top + tileRows >= tilesHigh ? overlap : 0);
      memory.copy(gradients + carryOffset(tileRows, tilesWide, cout), rows + <usize>(step * high) * row, <usize>overlap * row);
      if (inputSums) maskRows(rows, xi, coefficients, sums, step * top, complete, row, h, wd, cin, pad);
      storeRows(rows, dxi, step * top, complete, row, h, wd, cin, pad, accumulateDx != 0);
    }
    if (dx && !accumulateDx) clearBelow(dxi, step * tilesHigh + overlap - pad, step * tilesWide + overlap - pad, h, wd, cin);
  }
}

/** Where the rows carried to the next strip are kept: behind the strip's dy. */
// @ts-ignore: decorator
@inline
function carryOffset(tileRows: i32, tilesWide: i32, cout: i32): usize {
  return (<usize>(16 * tileRows * tilesWide * cout) << 2) + 64;
}

/** Sums of each channel of `count` pixels, added to `out`. */
export function addRows(rows: usize, out: usize, count: i32, channels: i32): void {
  const pixel = (<usize>channels) << 2;
  for (let c: usize = 0; c < pixel; c += 16) {
    let p = rows + c;
    let sum = f32x4.splat(0);
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(p));
      p += pixel;
    }
    v128.store(out + c, f32x4.add(v128.load(out + c), sum));
  }
}

/** Gradients through the ReLU behind a normalisation of x, in place, and their sums. */
function maskRows(
  rows: usize, x: usize, coefficients: usize, sums: usize, first: i32, count: i32, row: usize,
  h: i32, wd: i32, channels: i32, pad: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const inside = <usize>min(wd, <i32>(row / pixel) - pad) * pixel;
  for (let c: usize = 0; c < pixel; c += 16) {
    const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
    const beta = v128.load(coefficients + 2 * pixel + c);
    let sum = v128.load(sums + c), moment = v128.load(sums + pixel + c);
    for (let r = 0; r < count; r++) {
      const y = first + r - pad;
      if (y < 0 || y >= h) continue;
      let p = x + <usize>(y * wd) * pixel + c, q = rows + <usize>r * row + <usize>pad * pixel + c;
      const end = p + inside;
      do {
        const d = f32x4.sub(v128.load(p), mean);
        const g = v128.and(v128.load(q), f32x4.gt(madd(d, scale, beta), f32x4.splat(0)));
        v128.store(q, g);
        sum = f32x4.add(sum, g);
        moment = madd(g, d, moment);
        p += pixel;
        q += pixel;
      } while (p != end);
    }
    v128.store(sums + c, sum);
    v128.store(sums + pixel + c, moment);
  }
}

/** Writes (or adds) the strip's rows to the image, without the padding. */
function storeRows(
  rows: usize, dx: usize, first: i32, count: i32, row: usize, h: i32, wd: i32, channels: i32, pad: i32, accumulate: bool,
): void {
  const pixel = (<usize>channels) << 2, padded = (<usize>multipleOfFour(channels)) << 2;
  const inside = min(wd, <i32>(row / padded) - pad);
  for (let r = 0; r < count; r++) {
    const y = first + r - pad;
    if (y < 0 || y >= h) continue;
    const from = rows + <usize>r * row + <usize>pad * padded;
    const to = dx + <usize>(y * wd) * pixel;
    const bytes = <usize>inside * pixel;
    if (channels & 3) {
      for (let i = 0; i < inside; i++) {
        for (let c: usize = 0; c < pixel; c += 4) {
          const at = to + <usize>i * pixel + c;
          const value = load<f32>(from + <usize>i * padded + c);
          store<f32>(at, accumulate ? load<f32>(at) + value : value);
        }
      }
    } else if (!accumulate) {
      memory.copy(to, from, bytes);
    } else {
      for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    }
  }
}

/** Rows and columns of the input that no tile reached have no gradient. */
function clearBelow(dx: usize, fromRow: i32, fromColumn: i32, h: i32, wd: i32, channels: i32): void {
  for (let y = 0; y < h; y++) {
    const start = y < fromRow ? min(wd, fromColumn) : 0;
    if (start < wd) zero(dx + (<usize>((y * wd + start) * channels) << 2), (wd - start) * channels);
  }
}
