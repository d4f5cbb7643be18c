import { madd } from './simd';

// Winograd F(4x4, 3x3): a tile of 4x4 outputs from 6x6 inputs with 36 multiplications a channel pair instead of 144
// (Lavin and Gray 2016, arXiv 1509.09308). One-dimensional transforms, four channels a vector; a two-dimensional one is
// all rows into `temporary` (36 vectors, in the first-level cache), then all columns.

// @ts-ignore: decorator
@inline
function v(x: f32): v128 {
  return f32x4.splat(x);
}

/**
 * out[36][...] = B' d B for one tile and four channels. `d`: the tile's first pixel; row and pixel strides in bytes.
 * `out`: address of position 0; `position`: bytes from one of the 36 positions to the next.
 */
export function inputTransform(d: usize, row: usize, pixel: usize, temporary: usize, out: usize, position: usize): void {
  let t = temporary;
  for (let r = 0; r < 6; r++) {
    const d0 = v128.load(d), d1 = v128.load(d + pixel), d2 = v128.load(d + 2 * pixel);
    const d3 = v128.load(d + 3 * pixel), d4 = v128.load(d + 4 * pixel), d5 = v128.load(d + 5 * pixel);
    const a = madd(d2, v(-4), d4), b = madd(d1, v(-4), d3);
    const e = f32x4.sub(d4, d2), f = f32x4.mul(f32x4.sub(d3, d1), v(2));
    v128.store(t, madd(d0, v(4), madd(d2, v(-5), d4)));
    v128.store(t, f32x4.add(a, b), 16);
    v128.store(t, f32x4.sub(a, b), 32);
    v128.store(t, f32x4.add(e, f), 48);
    v128.store(t, f32x4.sub(e, f), 64);
    v128.store(t, madd(d1, v(4), madd(d3, v(-5), d5)), 80);
    t += 96;
    d += row;
  }
  t = temporary;
  const line = 6 * position;
  for (let c = 0; c < 6; c++) {
    const d0 = v128.load(t), d1 = v128.load(t, 96), d2 = v128.load(t, 192);
    const d3 = v128.load(t, 288), d4 = v128.load(t, 384), d5 = v128.load(t, 480);
    const a = madd(d2, v(-4), d4), b = madd(d1, v(-4), d3);
    const e = f32x4.sub(d4, d2), f = f32x4.mul(f32x4.sub(d3, d1), v(2));
    let o = out;
    v128.store(o, madd(d0, v(4), madd(d2, v(-5), d4)));
    o += line;
    v128.store(o, f32x4.add(a, b));
    o += line;
    v128.store(o, f32x4.sub(a, b));
    o += line;
    v128.store(o, f32x4.add(e, f));
    o += line;
    v128.store(o, f32x4.sub(e, f));
    o += line;
    v128.store(o, madd(d1, v(4), madd(d3, v(-5), d5)));
    t += 16;
    out += position;
  }
}

/** The first half of A' m A: 6x6 products to `temporary` as 4 rows of 6. */
export function outputTransformColumns(m: usize, position: usize, temporary: usize): void {
  const line = 6 * position;
  let t = temporary;
  for (let c = 0; c < 6; c++) {
    let p = m;
    const m0 = v128.load(p);
    p += line;
    const m1 = v128.load(p);
    p += line;
    const m2 = v128.load(p);
    p += line;
    const m3 = v128.load(p);
    p += line;
    const m4 = v128.load(p);
    p += line;
    const m5 = v128.load(p);
    const s12 = f32x4.add(m1, m2), d12 = f32x4.sub(m1, m2), s34 = f32x4.add(m3, m4), d34 = f32x4.sub(m3, m4);
    v128.store(t, f32x4.add(f32x4.add(m0, s12), s34));
    v128.store(t, madd(d34, v(2), d12), 96);
    v128.store(t, madd(s34, v(4), s12), 192);
    v128.store(t, f32x4.add(madd(d34, v(8), d12), m5), 288);
    m += position;
    t += 16;
  }
}

/** out[36][...] = A dz A' for one tile of 4x4 and four channels: the transpose of the output transform. */
export function gradientTransform(dz: usize, row: usize, pixel: usize, temporary: usize, out: usize, position: usize): void {
  let t = temporary;
  for (let r = 0; r < 4; r++) {
    const d0 = v128.load(dz), d1 = v128.load(dz + pixel), d2 = v128.load(dz + 2 * pixel), d3 = v128.load(dz + 3 * pixel);
    const s = f32x4.add(d0, d2), u = f32x4.add(d1, d3);
    const q = madd(d2, v(4), d0), w = f32x4.mul(madd(d3, v(4), d1), v(2));
    v128.store(t, d0);
    v128.store(t, f32x4.add(s, u), 16);
    v128.store(t, f32x4.sub(s, u), 32);
    v128.store(t, f32x4.add(q, w), 48);
    v128.store(t, f32x4.sub(q, w), 64);
    v128.store(t, d3, 80);
    t += 96;
    dz += row;
  }
  t = temporary;
  const line = 6 * position;
  for (let c = 0; c < 6; c++) {
    const d0 = v128.load(t), d1 = v128.load(t, 96), d2 = v128.load(t, 192), d3 = v128.load(t, 288);
    const s = f32x4.add(d0, d2), u = f32x4.add(d1, d3);
    const q = madd(d2, v(4), d0), w = f32x4.mul(madd(d3, v(4), d1), v(2));
    let o = out;
    v128.store(o, d0);
    o += line;
    v128.store(o, f32x4.add(s, u));
    o += line;
    v128.store(o, f32x4.sub(s, u));
    o += line;
    v128.store(o, f32x4.add(q, w));
    o += line;
    v128.store(o, f32x4.sub(q, w));
    o += line;
    v128.store(o, d3);
    t += 16;
    out += position;
  }
}

// @ts-ignore: decorator
@inline
function accumulate(address: usize, value: v128): void {
  v128.store(address, f32x4.add(v128.load(address), value));
}

/** dh (6x6 pixels) += B dV B' for one tile and four channels: the transpose of the input transform. */
export function inputGradientTransform(dv: usize, position: usize, temporary: usize, dh: usize, row: usize, pixel: usize): void {
  const line = 6 * position;
  let t = temporary;
  for (let c = 0; c < 6; c++) {
    let p = dv;
    const t0 = v128.load(p);
    p += line;
    const t1 = v128.load(p);
    p += line;
    const t2 = v128.load(p);
    p += line;
    const t3 = v128.load(p);
    p += line;
    const t4 = v128.load(p);
    p += line;
    const t5 = v128.load(p);
    const s12 = f32x4.add(t1, t2), d12 = f32x4.sub(t1, t2), s34 = f32x4.add(t3, t4), d34 = f32x4.sub(t3, t4);
    v128.store(t, f32x4.mul(t0, v(4)));
    v128.store(t, madd(d12, v(-4), madd(d34, v(-2), f32x4.mul(t5, v(4)))), 96);
    v128.store(t, f32x4.sub(madd(t0, v(-5), f32x4.mul(s12, v(-4))), s34), 192);
    v128.store(t, madd(d34, v(2), madd(t5, v(-5), d12)), 288);
    v128.store(t, f32x4.add(f32x4.add(t0, s12), s34), 384);
    v128.store(t, t5, 480);
    dv += position;
    t += 16;
  }
  t = temporary;
  for (let r = 0; r < 6; r++) {
    const t0 = v128.load(t), t1 = v128.load(t, 16), t2 = v128.load(t, 32);
    const t3 = v128.load(t, 48), t4 = v128.load(t, 64), t5 = v128.load(t, 80);
    const s12 = f32x4.add(t1, t2), d12 = f32x4.sub(t1, t2), s34 = f32x4.add(t3, t4), d34 = f32x4.sub(t3, t4);
    accumulate(dh, f32x4.mul(t0, v(4)));
    accumulate(dh + pixel, madd(d12, v(-4), madd(d34, v(-2), f32x4.mul(t5, v(4)))));
    accumulate(dh + 2 * pixel, f32x4.sub(madd(t0, v(-5), f32x4.mul(s12, v(-4))), s34));
    accumulate(dh + 3 * pixel, madd(d34, v(2), madd(t5, v(-5), d12)));
    accumulate(dh + 4 * pixel, f32x4.add(f32x4.add(t0, s12), s34));
    accumulate(dh + 5 * pixel, t5);
    t += 96;
    dh += row;
  }
}
