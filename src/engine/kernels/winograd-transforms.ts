import { madd } from './simd';
import { stridedFilter, stridedFilterGradient } from './winograd-strided-transforms';

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

/**
 * U = G w G' for all channel pairs, in columns blocks of 8: u[ceil(n / 8)][36][k][8], zero beyond n. A chunk is one k.
 * With stride 2 the six a dimension are those of winograd-strided-transforms.ts. With `backward` k runs over output and n over input channels, as the data gradient reads it. w [3, 3, cin, cout].
 */
export function winogradWeights(scratch: usize, w: usize, u: usize, cin: i32, cout: i32, stride: i32, backward: i32, chunk: i32): void {
  const k = backward ? cout : cin;
  const n = backward ? cin : cout;
  const tap = <usize>(cin * cout) << 2;
  const position = (<usize>k) << 5;
  const from = w + (<usize>(backward ? chunk : chunk * cout) << 2);
  const step = backward ? (<usize>cout) << 2 : 4;
  for (let j = 0; j < ((n + 7) & ~7); j += 4) {
    // Rows: G (6x3) times w (3x3), kept as 6x3 vectors in scratch; then columns.
    for (let c: usize = 0; c < 3; c++) {
      const at = from + <usize>j * step + c * tap;
      const g0 = fourWeights(at, step, n - j), g1 = fourWeights(at + 3 * tap, step, n - j), g2 = fourWeights(at + 6 * tap, step, n - j);
      if (stride == 1) filterTransform(g0, g1, g2, scratch + (c << 4), 48);
      else stridedFilter(g0, g1, g2, scratch + (c << 4), 48);
    }
    let out = u + <usize>(j >> 3) * 36 * position + ((<usize>chunk) << 5) + (<usize>(j & 4) << 2);
    for (let at = scratch; at != scratch + 288; at += 48) {
      const g0 = v128.load(at), g1 = v128.load(at, 16), g2 = v128.load(at, 32);
      if (stride == 1) filterTransform(g0, g1, g2, out, position);
      else stridedFilter(g0, g1, g2, out, position);
      out += 6 * position;
    }
  }
}

/** Floats `step` bytes apart: the first `count` of four, and zeros. */
// @ts-ignore: decorator
@inline
function fourWeights(at: usize, step: usize, count: i32): v128 {
  if (count >= 4 && step == 4) return v128.load(at);
  let g = f32x4.splat(0);
  if (count > 0) g = v128.load32_zero(at);
  if (count > 1) g = f32x4.replace_lane(g, 1, load<f32>(at + step));
  if (count > 2) g = f32x4.replace_lane(g, 2, load<f32>(at + 2 * step));
  if (count > 3) g = f32x4.replace_lane(g, 3, load<f32>(at + 3 * step));
  return g;
}

// @ts-ignore: decorator
@inline
function filterTransform(g0: v128, g1: v128, g2: v128, out: usize, step: usize): void {
  const sixth = v(<f32>(1.0 / 6.0));
  const even = f32x4.mul(f32x4.add(g0, g2), v(<f32>(-1.0 / 6.0))), odd = f32x4.mul(g1, sixth);
  const far = f32x4.add(f32x4.mul(g0, v(<f32>(1.0 / 24.0))), f32x4.mul(g2, sixth)), farOdd = f32x4.mul(g1, v(<f32>(1.0 / 12.0)));
  v128.store(out, f32x4.mul(g0, v(0.25)));
  v128.store(out + step, f32x4.sub(even, odd));
  v128.store(out + 2 * step, f32x4.add(even, odd));
  v128.store(out + 3 * step, f32x4.add(far, farOdd));
  v128.store(out + 4 * step, f32x4.sub(far, farOdd));
  v128.store(out + 5 * step, g2);
}

/**
 * dw = G' (sum of the chunks' dU) G. partials [count][36][cin][cout]; dw [3, 3, cin, cout]. A chunk is one input channel.
 * scratch: 36 x cout and 18 x 4 floats.
 */
export function winogradWeightGradient(scratch: usize, partials: usize, count: i32, dw: usize, cin: i32, cout: i32, stride: i32, chunk: i32): void {
  const row = (<usize>cout) << 2;
  const position = <usize>cin * row;
  const half = scratch + 36 * row;
  for (let q: usize = 0; q < 36; q++) {
    addParts(partials + q * position + <usize>chunk * row, 36 * position, count, scratch + q * row, row);
  }
  for (let j: usize = 0; j < row; j += 16) {
    const from = scratch + j, to = dw + <usize>chunk * row + j;
    if (stride == 1) {
      for (let c: usize = 0; c < 6; c++) filterGradient(from + c * row, 6 * row, half + (c << 4), 96);
      for (let r: usize = 0; r < 3; r++) filterGradient(half + r * 96, 16, to + 3 * r * position, position);
    } else {
      for (let c: usize = 0; c < 6; c++) stridedFilterGradient(from + c * row, 6 * row, half + (c << 4), 96);
      for (let r: usize = 0; r < 3; r++) stridedFilterGradient(half + r * 96, 16, to + 3 * r * position, position);
    }
  }
}

/** Sums in order of `count` rows, `step` bytes apart: whole cache lines at a time. */
// @ts-ignore: decorator
@inline
function addParts(from: usize, step: usize, count: i32, out: usize, row: usize): void {
  let j: usize = 0;
  for (; j + 64 <= row; j += 64) {
    let p = from + j;
    let s0 = v128.load(p), s1 = v128.load(p, 16), s2 = v128.load(p, 32), s3 = v128.load(p, 48);
    for (let i = 1; i < count; i++) {
      p += step;
      s0 = f32x4.add(s0, v128.load(p));
      s1 = f32x4.add(s1, v128.load(p, 16));
      s2 = f32x4.add(s2, v128.load(p, 32));
      s3 = f32x4.add(s3, v128.load(p, 48));
    }
    v128.store(out + j, s0);
    v128.store(out + j, s1, 16);
    v128.store(out + j, s2, 32);
    v128.store(out + j, s3, 48);
  }
  for (; j < row; j += 16) {
    let p = from + j;
    let sum = v128.load(p);
    for (let i = 1; i < count; i++) {
      p += step;
      sum = f32x4.add(sum, v128.load(p));
    }
    v128.store(out + j, sum);
  }
}

// @ts-ignore: decorator
@inline
function filterGradient(from: usize, step: usize, out: usize, outStep: usize): void {
  const u0 = v128.load(from), u1 = v128.load(from + step), u2 = v128.load(from + 2 * step);
  const u3 = v128.load(from + 3 * step), u4 = v128.load(from + 4 * step), u5 = v128.load(from + 5 * step);
  const s12 = f32x4.mul(f32x4.add(u1, u2), v(<f32>(-1.0 / 6.0)));
  const s34 = f32x4.add(u3, u4);
  v128.store(out, f32x4.add(madd(u0, v(0.25), s12), f32x4.mul(s34, v(<f32>(1.0 / 24.0)))));
  v128.store(out + outStep, madd(f32x4.sub(u2, u1), v(<f32>(1.0 / 6.0)), f32x4.mul(f32x4.sub(u3, u4), v(<f32>(1.0 / 12.0)))));
  v128.store(out + 2 * outStep, f32x4.add(madd(s34, v(<f32>(1.0 / 6.0)), s12), u5));
}
