import { madd, zero } from './simd';
import { multiplyGroup, PRODUCTS } from './winograd-products';
import { fillRows } from './winograd-rows';
import { outputPhase, stridedOutputColumns } from './winograd-strided-transforms';
import { GROUP, multipleOfFour, overlapOf, pointsOf, positionStride, TEMPORARY, transformTiles } from './winograd-strip';
import { outputTransformColumns } from './winograd-transforms';

// 3x3 convolutions of stride 1 by Winograd F(4x4, 3x3), of stride 2 by its phases (winograd-strided-transforms.ts), NHWC, a strip of tile rows at a time, so that its buffers stay in
// the second-level cache. A batch normalisation and ReLU before the convolution, and the gradient through one behind it, can
// be computed strip by strip and never stored whole; the formulas and the coefficients (mean, scale, beta, 1 / deviation) are
// those of normalization.ts. Channels: multiples of four, but for an input of fewer than four.

/**
 * y = convolution(x, w) + bias (0: none); of relu of x normalised where `coefficients` (0: none) are given.
 * imagesPerStrip: more than 1 only where a strip (`tileRows` rows of tiles) is a whole image.
 * statistics (0: none) [chunk][2][cout]: the mean of y and the sum of its squared deviations. They come from float32 sums of y
 * and y^2, so they lose digits where a channel's mean is hundreds of times its deviation; `normalizationStatistics`, which
 * goes over y twice, does not.
 */
export function winogradForward(
  scratch: usize, x: usize, coefficients: usize, u: usize, bias: usize, y: usize, statistics: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, stride: i32, pad: i32, tileRows: i32, imagesPerStrip: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const tilesWide = (wo + 3) >> 2, tilesHigh = (ho + 3) >> 2;
  const step = 4 * stride, overlap = overlapOf(stride);
  const width = step * tilesWide + overlap;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const outPixel = (<usize>cout) << 2;
  const vPosition = positionStride(GROUP, cinPadded);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + <usize>(step * tileRows + overlap) * row + 64;
  const positions = <usize>(pointsOf(stride) * pointsOf(stride));
  const m = v + positions * vPosition + 64;
  const stripSums = m + positions * PRODUCTS;
  const panel = (<usize>cin) << 5;
  const blocks = (cout + 7) >> 3;
  const sums = statistics + <usize>chunk * 2 * outPixel;
  if (statistics) zero(sums, 2 * cout);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image += imagesPerStrip) {
    const group = min(imagesPerStrip, last - image);
    for (let top = 0; top < tilesHigh; top += tileRows) {
      const high = min(tileRows, tilesHigh - top);
      const tiles = high * tilesWide;
      for (let g = 0; g < group; g++) {
        fillRows(x + (<usize>(image + g) * <usize>(h * wd * cin) << 2), coefficients, rows, step * top, step * high + overlap, width, h, wd, cin, pad);
        const start = g * tiles, end = start + tiles;
        for (let tile = start; tile < end; ) {
          const next = min((tile | (GROUP - 1)) + 1, end);
          const slot = <usize>(tile & (GROUP - 1)) << 4;
          transformTiles(rows, row, pixel, stride, tilesWide, tile - start, next - tile, temporary, v + slot, vPosition);
          tile = next;
          if (tile % GROUP && tile < group * tiles) continue;
          // Eight output channels at a time, so that their products stay in the first-level cache.
          const first = (tile - 1) & ~(GROUP - 1);
          for (let block = 0; block < blocks; block++) {
            multiplyGroup(v, vPosition, u + <usize>(36 * block) * panel, m, stride, cin, tile - first);
            for (let half = 0; half < 8 && block * 8 + half < cout; half += 4) {
              const c = <usize>(block * 8 + half) << 2;
              storeTiles(
                m + ((<usize>half) << 2), first, tile, tiles, tilesWide, 4 * top, temporary, stride,
                bias ? v128.load(bias + c) : f32x4.splat(0), y + c + <usize>image * <usize>(ho * wo) * outPixel, ho, wo, outPixel,
                statistics ? sums + c : 0, stripSums + c,
              );
            }
          }
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

/**
 * Tiles first ... end - 1 of a group's products m [positions][4 tiles][8], four channels of them: transformed and written.
 * Tiles are counted from the first of several images of `tiles` tiles each; y: the first of them, at its channel.
 * Their sums and sums of squares are added up in `stripSums` for a strip of an image, and then added to `sums`.
 */
function storeTiles(
  m: usize, first: i32, end: i32, tiles: i32, tilesWide: i32, top: i32, temporary: usize, stride: i32,
  b: v128, y: usize, ho: i32, wo: i32, outPixel: usize, sums: usize, stripSums: usize,
): void {
  const rowBytes = (<usize>pointsOf(stride)) << 4;
  let sum = v128.load(stripSums), squares = v128.load(stripSums + outPixel);
  for (let tile = first; tile < end; tile++) {
    const image = tile / tiles, within = tile % tiles;
    if (within == 0) {
      sum = f32x4.splat(0);
      squares = f32x4.splat(0);
    }
    const oy = top + 4 * (within / tilesWide), ox = 4 * (within % tilesWide);
    if (stride == 1) outputTransformColumns(m, PRODUCTS, temporary);
    else stridedOutputColumns(m, PRODUCTS, temporary);
    m += 32;
    const yEnd = min(4, ho - oy), across = wo - ox;
    let to = y + <usize>((image * ho + oy) * wo + ox) * outPixel;
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
    if (sums && within == tiles - 1) {
      v128.store(sums, f32x4.add(v128.load(sums), sum));
      v128.store(sums + outPixel, f32x4.add(v128.load(sums + outPixel), squares));
    }
  }
  v128.store(stripSums, sum);
  v128.store(stripSums + outPixel, squares);
}
