import { madd, zero } from './simd';
import { fillRows } from './winograd-rows';
import { outputPhase, stridedOutputColumns } from './winograd-strided-transforms';
import { multipleOfFour, multiplyPositions, overlapOf, pointsOf, positionStride, TEMPORARY, transformStrip } from './winograd-strip';
import { outputTransformColumns } from './winograd-transforms';

// 3x3 convolutions of stride 1 by Winograd F(4x4, 3x3), of stride 2 by its phases (winograd-strided-transforms.ts), NHWC, a strip of tile rows at a time, so that its buffers stay in
// the second-level cache. A batch normalisation and ReLU before the convolution, and the gradient through one behind it, can
// be computed strip by strip and never stored whole; the formulas and the coefficients (mean, scale, beta, 1 / deviation) are
// those of normalization.ts. Channels: multiples of four, but for an input of fewer than four.

/**
 * y = convolution(x, w) + bias (0: none); of relu of x normalised where `coefficients` (0: none) are given.
 * statistics (0: none) [chunk][2][cout]: the mean of y and the sum of its squared deviations. They come from float32 sums of y
 * and y^2, so they lose digits where a channel's mean is hundreds of times its deviation; `normalizationStatistics`, which
 * goes over y twice, does not.
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
              let o0: v128, o1: v128, o2: v128, o3: v128;
              if (stride == 1) {
                const m0 = v128.load(t), m1 = v128.load(t, 16), m2 = v128.load(t, 32);
                const m3 = v128.load(t, 48), m4 = v128.load(t, 64), m5 = v128.load(t, 80);
                const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
                o0 = f32x4.add(f32x4.add(f32x4.add(m0, s12), s34), b);
                o1 = f32x4.add(madd(d34, f32x4.splat(2), d12), b);
                o2 = f32x4.add(madd(s34, f32x4.splat(4), s12), b);
                o3 = f32x4.add(f32x4.add(madd(d34, f32x4.splat(8), d12), m5), b);
              } else {
                outputPhase(t, 16, t, 16);
                o0 = f32x4.add(v128.load(t), b);
                o1 = f32x4.add(v128.load(t, 16), b);
                o2 = f32x4.add(v128.load(t, 32), b);
                o3 = f32x4.add(v128.load(t, 48), b);
              }
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
