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
  const mPosition = positionStride(wp, 8);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + 6 * row + 64;
  const m = v + 36 * vPosition + 64;
  const outPixel = (<usize>cout) << 2;
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
      // Eight output channels at a time, so that their products stay in the first-level cache.
      for (let block = 0; block < blocks; block++) {
        const few = cin == 3;
        if (!few) {
          for (let q = 0; q < 36; q++) {
            gemm(v + <usize>q * vPosition, pixel, 4, u + <usize>(q * blocks + block) * panel, 32,
              m + <usize>q * mPosition, 32, wp, 8, cin, false, 0);
          }
        }
        for (let half = 0; half < 8 && block * 8 + half < cout; half += 4) {
          const channel = block * 8 + half;
          let b = f32x4.splat(0);
          if (bias) b = v128.load(bias + ((<usize>channel) << 2));
          const start = f32x4.neg(b);
          let product = m + ((<usize>half) << 2);
          const index = <usize>((image * hp + i) * wp) * <usize>cout + <usize>channel;
          let to = y + (index << 2);
          let place = places + index;
          for (let j = 0; j < wp; j++) {
            if (few) {
              const filters = u + <usize>block * panel + ((<usize>half) << 2);
              threeChannelColumns(v + ((<usize>j) << 4), vPosition, filters, <usize>blocks * panel, temporary);
            } else {
              outputTransformColumns(product, mPosition, temporary);
              product += 32;
            }
            let best = start;
            // Later places are larger, so the last maximum found is the largest place.
            let where = i32x4.splat(DEAD), place4 = i32x4.splat(DEAD);
            let t = temporary;
            for (let r = 0; r < 16; r += 4) {
              const m0 = v128.load(t), m1 = v128.load(t, 16), m2 = v128.load(t, 32);
              const m3 = v128.load(t, 48), m4 = v128.load(t, 64), m5 = v128.load(t, 80);
              const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
              const o0 = f32x4.add(f32x4.add(m0, s12), s34);
              const o1 = madd(d34, f32x4.splat(2), d12);
              const o2 = madd(s34, f32x4.splat(4), s12);
              const o3 = f32x4.add(madd(d34, f32x4.splat(8), d12), m5);
              place4 = i32x4.add(place4, i32x4.splat(1));
              where = i32x4.max_s(where, v128.and(f32x4.gt(o0, best), place4));
              best = f32x4.pmax(best, o0);
              place4 = i32x4.add(place4, i32x4.splat(1));
              where = i32x4.max_s(where, v128.and(f32x4.gt(o1, best), place4));
              best = f32x4.pmax(best, o1);
              place4 = i32x4.add(place4, i32x4.splat(1));
              where = i32x4.max_s(where, v128.and(f32x4.gt(o2, best), place4));
              best = f32x4.pmax(best, o2);
              place4 = i32x4.add(place4, i32x4.splat(1));
              where = i32x4.max_s(where, v128.and(f32x4.gt(o3, best), place4));
              best = f32x4.pmax(best, o3);
              t += 96;
            }
            v128.store(to, f32x4.add(best, b));
            if (places) {
              v128.store_lane<i32>(place, i8x16.shuffle(where, where, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
            }
            to += outPixel;
            place += cout;
          }
        }
      }
    }
  }
}

/**
 * Three input channels: products and the first half of the output transform at once, since three terms are too few for a
 * matrix product of its own. v: the tile at position 0, u: four filters at position 0; the same 4 x 6 to `temporary` as
 * `outputTransformColumns`.
 */
// @ts-ignore: decorator
@inline
function threeChannelColumns(v: usize, vPosition: usize, u: usize, uPosition: usize, temporary: usize): void {
  const vLine = 6 * vPosition, uLine = 6 * uPosition;
  const pairs = temporary + 1024;
  let t = temporary;
  const end = t + 96;
  do {
    // Rows 1 and 2, then 3 and 4: a turn each, or V8 loads all 36 values first and spills most of them.
    let p = v + vLine, q = u + uLine, pair = pairs;
    do {
      const first = three(p, q), second = three(p + vLine, q + uLine);
      v128.store(pair, f32x4.add(first, second));
      v128.store(pair, f32x4.sub(first, second), 16);
      p += 2 * vLine;
      q += 2 * uLine;
      pair += 32;
    } while (pair != pairs + 64);
    const m0 = three(v, u), m5 = three(p, q);
    const s12 = v128.load(pairs), d12 = v128.load(pairs, 16), s34 = v128.load(pairs, 32), d34 = v128.load(pairs, 48);
    v128.store(t, f32x4.add(f32x4.add(m0, s12), s34));
    v128.store(t, madd(d34, f32x4.splat(2), d12), 96);
    v128.store(t, madd(s34, f32x4.splat(4), s12), 192);
    v128.store(t, f32x4.add(madd(d34, f32x4.splat(8), d12), m5), 288);
    t += 16;
    v += vPosition;
    u += uPosition;
  } while (t != end);
}

// @ts-ignore: decorator
@inline
function three(p: usize, q: usize): v128 {
  const first = f32x4.mul(v128.load32_splat(p), v128.load(q));
  return madd(v128.load32_splat(p, 8), v128.load(q, 64), madd(v128.load32_splat(p, 4), v128.load(q, 32), first));
}
