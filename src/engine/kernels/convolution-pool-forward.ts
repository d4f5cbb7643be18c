import { gemm } from './gemm';
import { madd } from './simd';
import { fillRows } from './winograd-rows';
import { multipleOfFour, positionStride, TEMPORARY } from './winograd-strip';
import { inputTransform, outputTransformColumns } from './winograd-transforms';

// Convolution 3x3 + bias + ReLU + max pooling 4x4 (windows side by side) in one pass: a Winograd tile is a pooling
// window, so what lies between never exists. Kept for the gradient: where in its window each maximum was.

/** The byte kept where ReLU let nothing through; 1 + the place in the window elsewhere. */
export const DEAD: i32 = 0;

/**
 * y [images, hp, wp, cout] = maxpool4(relu(convolution(x) + bias)); places [same]: 1 + 4 row + column, or 0 for dead.
 * A chunk is `imagesPerChunk` images. places 0: not wanted.
 */
export function convolutionPoolForward(
  scratch: usize, x: usize, u: usize, bias: usize, y: usize, places: usize,
  h: i32, wd: i32, cin: i32, hp: i32, wp: i32, cout: i32, pad: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const width = 4 * wp + 2;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const vPosition = positionStride(wp, cinPadded);
  const mPosition = positionStride(min(wp, TILES), 8);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + 6 * row + 64;
  const m = v + 36 * vPosition + 64;
  const last = min(images, (chunk + 1) * imagesPerChunk);
  const panel = (<usize>cin) << 5;
  const blocks = (cout + 7) >> 3;
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    for (let i = 0; i < hp; i++) {
      fillRows(xi, 0, rows, 4 * i, 6, width, h, wd, cin, pad);
      let d = rows, out = v;
      for (let j = 0; j < wp; j++) {
        for (let c: usize = 0; c < pixel; c += 16) inputTransform(d + c, row, pixel, temporary, out + c, vPosition);
        out += pixel;
        d += 4 * pixel;
      }
      // A few tiles and eight output channels at a time, so that their products stay in the first-level cache.
      for (let first = 0; first < wp; first += TILES) {
        const tiles = min(TILES, wp - first);
        const tile = v + <usize>first * pixel;
        for (let block = 0; block < blocks; block++) {
          let position = tile, filters = u + <usize>(36 * block) * panel, product = m;
          for (let q = 0; q < 36; q++) {
            if (cin == 3) threeChannelProduct(position, filters, product, tiles);
            else gemm(position, pixel, 4, filters, 32, product, 32, tiles, 8, cin, false, 0);
            position += vPosition;
            filters += panel;
            product += mPosition;
          }
          for (let half = 0; half < 8 && block * 8 + half < cout; half += 4) {
            const channel = block * 8 + half;
            let b = f32x4.splat(0);
            if (bias) b = v128.load(bias + ((<usize>channel) << 2));
            const index = <usize>((image * hp + i) * wp + first) * <usize>cout + <usize>channel;
            const products = m + ((<usize>half) << 2);
            if (places) poolPlaces(products, mPosition, temporary, tiles, b, y + (index << 2), places + index, cout);
            else pool(products, mPosition, temporary, tiles, b, y + (index << 2), cout);
          }
        }
      }
    }
  }
}

/** Tiles at a time. Their V (16 bytes a position with three channels) and products (32) take 21 KB of the first-level cache. */
const TILES: i32 = 12;

/** m[tiles][8] = v[tiles][3 of 4] u[3][8]: too few terms for `gemm`; the filters stay in registers instead. */
function threeChannelProduct(v: usize, u: usize, m: usize, tiles: i32): void {
  const u0 = v128.load(u), u1 = v128.load(u, 16), u2 = v128.load(u, 32);
  const u3 = v128.load(u, 48), u4 = v128.load(u, 64), u5 = v128.load(u, 80);
  const end = v + ((<usize>tiles) << 4);
  do {
    const a = v128.load32_splat(v), b = v128.load32_splat(v, 4), c = v128.load32_splat(v, 8);
    v128.store(m, madd(c, u4, madd(b, u2, f32x4.mul(a, u0))));
    v128.store(m, madd(c, u5, madd(b, u3, f32x4.mul(a, u1))), 16);
    v += 16;
    m += 32;
  } while (v != end);
}

/** The maxima of `tiles` windows and four channels: the output transform, then max, ReLU and bias. */
function pool(m: usize, mPosition: usize, temporary: usize, tiles: i32, bias: v128, y: usize, cout: i32): void {
  const end = m + ((<usize>tiles) << 5);
  do {
    outputTransformColumns(m, mPosition, temporary);
    // max(x + bias, 0) = max(x, -bias) + bias.
    let best = f32x4.neg(bias);
    let t = temporary;
    const tEnd = t + 384;
    do {
      const m0 = v128.load(t), m1 = v128.load(t, 16), m2 = v128.load(t, 32);
      const m3 = v128.load(t, 48), m4 = v128.load(t, 64), m5 = v128.load(t, 80);
      const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
      best = f32x4.pmax(best, f32x4.add(f32x4.add(m0, s12), s34));
      best = f32x4.pmax(best, madd(d34, f32x4.splat(2), d12));
      best = f32x4.pmax(best, madd(s34, f32x4.splat(4), s12));
      best = f32x4.pmax(best, f32x4.add(madd(d34, f32x4.splat(8), d12), m5));
      t += 96;
    } while (t != tEnd);
    v128.store(y, f32x4.add(best, bias));
    y += (<usize>cout) << 2;
    m += 32;
  } while (m != end);
}

/** As `pool`, and where each maximum is: a byte a channel. Later places are larger, so the last one found is the largest. */
function poolPlaces(
  m: usize, mPosition: usize, temporary: usize, tiles: i32, bias: v128, y: usize, places: usize, cout: i32,
): void {
  const end = m + ((<usize>tiles) << 5);
  do {
    outputTransformColumns(m, mPosition, temporary);
    let best = f32x4.neg(bias);
    // Bytes 0-3 are the four channels in the window's first column, and so on.
    let where = i8x16.splat(<i8>DEAD);
    let place = i8x16(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4);
    let t = temporary;
    const tEnd = t + 384;
    do {
      const m0 = v128.load(t), m1 = v128.load(t, 16), m2 = v128.load(t, 32);
      const m3 = v128.load(t, 48), m4 = v128.load(t, 64), m5 = v128.load(t, 80);
      const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
      const o0 = f32x4.add(f32x4.add(m0, s12), s34);
      const better0 = f32x4.gt(o0, best);
      best = f32x4.pmax(best, o0);
      const o1 = madd(d34, f32x4.splat(2), d12);
      const better1 = f32x4.gt(o1, best);
      best = f32x4.pmax(best, o1);
      const o2 = madd(s34, f32x4.splat(4), s12);
      const better2 = f32x4.gt(o2, best);
      best = f32x4.pmax(best, o2);
      const o3 = f32x4.add(madd(d34, f32x4.splat(8), d12), m5);
      const better3 = f32x4.gt(o3, best);
      best = f32x4.pmax(best, o3);
      const better = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(better0, better1), i16x8.narrow_i32x4_s(better2, better3));
      where = i8x16.max_u(where, v128.and(better, place));
      place = i8x16.add(place, i8x16.splat(4));
      t += 96;
    } while (t != tEnd);
    v128.store(y, f32x4.add(best, bias));
    where = i8x16.max_u(where, i8x16.shuffle(where, where, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    where = i8x16.max_u(where, i8x16.shuffle(where, where, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    v128.store_lane<i32>(places, where, 0);
    y += (<usize>cout) << 2;
    places += cout;
    m += 32;
  } while (m != end);
}
