import { madd } from './simd';

// Stride 2 by its two phases: the even pixels meet two of the kernel's three taps, F(4, 2) over the points 0, 1, -1, 2 and
// infinity, the odd pixels one, which needs no transform. So 9 positions a dimension, of which the last four share one
// weight: 81 multiplications for 4x4 outputs instead of 144. The order of a dimension's positions: five of the even
// phase, four of the odd. The same conventions as winograd-transforms.ts, for tiles of 9x9 inputs.

// @ts-ignore: decorator
@inline
function v(x: f32): v128 {
  return f32x4.splat(x);
}

/** out[81][...] = B' d B for one tile and four channels. */
export function stridedInputTransform(d: usize, row: usize, pixel: usize, temporary: usize, out: usize, position: usize): void {
  let t = temporary;
  for (let r = 0; r < 9; r++) {
    inputPhase(d, pixel, t, 16);
    t += 144;
    d += row;
  }
  t = temporary;
  const line = 9 * position;
  for (let c = 0; c < 9; c++) {
    inputPhase(t, 144, out, line);
    t += 16;
    out += position;
  }
}

// @ts-ignore: decorator
@inline
function inputPhase(d: usize, step: usize, out: usize, outStep: usize): void {
  const e0 = v128.load(d), o0 = v128.load(d + step), e1 = v128.load(d + 2 * step), o1 = v128.load(d + 3 * step);
  const e2 = v128.load(d + 4 * step), o2 = v128.load(d + 5 * step), e3 = v128.load(d + 6 * step), o3 = v128.load(d + 7 * step);
  const e4 = v128.load(d + 8 * step);
  const t3 = f32x4.sub(e3, e1), d32 = f32x4.sub(e3, e2), d02 = f32x4.sub(e0, e2);
  v128.store(out, madd(d02, v(2), t3));
  v128.store(out + outStep, madd(e1, v(-2), d32));
  v128.store(out + 2 * outStep, madd(f32x4.sub(e1, e2), v(2), d32));
  v128.store(out + 3 * outStep, t3);
  v128.store(out + 4 * outStep, madd(t3, v(-2), f32x4.sub(e4, e2)));
  v128.store(out + 5 * outStep, o0);
  v128.store(out + 6 * outStep, o1);
  v128.store(out + 7 * outStep, o2);
  v128.store(out + 8 * outStep, o3);
}

/** The first half of A' m A: 9x9 products to `temporary` as 4 rows of 9. */
export function stridedOutputColumns(m: usize, position: usize, temporary: usize): void {
  const line = 9 * position;
  let t = temporary;
  for (let c = 0; c < 9; c++) {
    outputPhase(m, line, t, 144);
    m += position;
    t += 16;
  }
}

/** Four outputs from nine products, a vector each. */
// @ts-ignore: decorator
@inline
export function outputPhase(m: usize, step: usize, out: usize, outStep: usize): void {
  const m1 = v128.load(m + step), m2 = v128.load(m + 2 * step), m3 = v128.load(m + 3 * step);
  const s = f32x4.add(m1, m2), d = f32x4.sub(m1, m2);
  v128.store(out, f32x4.add(f32x4.add(f32x4.add(v128.load(m), s), m3), v128.load(m + 5 * step)));
  v128.store(out + outStep, f32x4.add(madd(m3, v(2), d), v128.load(m + 6 * step)));
  v128.store(out + 2 * outStep, f32x4.add(madd(m3, v(4), s), v128.load(m + 7 * step)));
  v128.store(out + 3 * outStep, f32x4.add(f32x4.add(madd(m3, v(8), d), v128.load(m + 4 * step)), v128.load(m + 8 * step)));
}

/** out[81][...] = A dz A' for one tile of 4x4 and four channels. */
export function stridedGradientTransform(dz: usize, row: usize, pixel: usize, temporary: usize, out: usize, position: usize): void {
  let t = temporary;
  for (let r = 0; r < 4; r++) {
    gradientPhase(dz, pixel, t, 16);
    t += 144;
    dz += row;
  }
  t = temporary;
  const line = 9 * position;
  for (let c = 0; c < 9; c++) {
    gradientPhase(t, 144, out, line);
    t += 16;
    out += position;
  }
}

// @ts-ignore: decorator
@inline
function gradientPhase(d: usize, step: usize, out: usize, outStep: usize): void {
  const d0 = v128.load(d), d1 = v128.load(d + step), d2 = v128.load(d + 2 * step), d3 = v128.load(d + 3 * step);
  const s = f32x4.add(d0, d2), u = f32x4.add(d1, d3);
  v128.store(out, d0);
  v128.store(out + outStep, f32x4.add(s, u));
  v128.store(out + 2 * outStep, f32x4.sub(s, u));
  v128.store(out + 3 * outStep, f32x4.add(madd(d2, v(4), d0), f32x4.mul(madd(d3, v(4), d1), v(2))));
  v128.store(out + 4 * outStep, d3);
  v128.store(out + 5 * outStep, d0);
  v128.store(out + 6 * outStep, d1);
  v128.store(out + 7 * outStep, d2);
  v128.store(out + 8 * outStep, d3);
}

/** dh (9x9 pixels) += B dV B' for one tile and four channels. */
export function stridedInputGradient(dv: usize, position: usize, temporary: usize, dh: usize, row: usize, pixel: usize): void {
  const line = 9 * position;
  let t = temporary;
  for (let c = 0; c < 9; c++) {
    inputGradientPhase(dv, line, t, 144, false);
    dv += position;
    t += 16;
  }
  t = temporary;
  for (let r = 0; r < 9; r++) {
    inputGradientPhase(t, 16, dh, pixel, true);
    t += 144;
    dh += row;
  }
}

// @ts-ignore: decorator
@inline
function inputGradientPhase(t: usize, step: usize, out: usize, outStep: usize, accumulate: bool): void {
  const t0 = v128.load(t), t1 = v128.load(t + step), t2 = v128.load(t + 2 * step);
  const t3 = v128.load(t + 3 * step), t4 = v128.load(t + 4 * step);
  const d03 = f32x4.add(t0, t3), s12 = f32x4.add(t1, t2);
  put(out, f32x4.mul(t0, v(2)), accumulate);
  put(out + outStep, v128.load(t + 5 * step), accumulate);
  put(out + 2 * outStep, f32x4.sub(f32x4.mul(f32x4.add(f32x4.sub(t2, t1), t4), v(2)), d03), accumulate);
  put(out + 3 * outStep, v128.load(t + 6 * step), accumulate);
  put(out + 4 * outStep, f32x4.sub(madd(f32x4.add(t0, t2), v(-2), f32x4.neg(s12)), t4), accumulate);
  put(out + 5 * outStep, v128.load(t + 7 * step), accumulate);
  put(out + 6 * outStep, madd(t4, v(-2), f32x4.add(d03, s12)), accumulate);
  put(out + 7 * outStep, v128.load(t + 8 * step), accumulate);
  put(out + 8 * outStep, t4, accumulate);
}

// @ts-ignore: decorator
@inline
function put(address: usize, value: v128, accumulate: bool): void {
  v128.store(address, accumulate ? f32x4.add(v128.load(address), value) : value);
}

/** Six weights from three taps: five for the even phase, one for the odd. */
// @ts-ignore: decorator
@inline
export function stridedFilter(g0: v128, g1: v128, g2: v128, out: usize, step: usize): void {
  const sixth = v(<f32>(1.0 / 6.0));
  v128.store(out, f32x4.mul(g0, v(0.5)));
  v128.store(out + step, f32x4.mul(f32x4.add(g0, g2), v(-0.5)));
  v128.store(out + 2 * step, f32x4.mul(f32x4.sub(g2, g0), sixth));
  v128.store(out + 3 * step, f32x4.add(f32x4.mul(g0, sixth), f32x4.mul(g2, v(<f32>(1.0 / 3.0)))));
  v128.store(out + 4 * step, g2);
  v128.store(out + 5 * step, g1);
}

/** The transpose of `stridedFilter`, four channels a vector. */
// @ts-ignore: decorator
@inline
export function stridedFilterGradient(from: usize, step: usize, out: usize, outStep: usize): void {
  const u1 = v128.load(from + step), u2 = v128.load(from + 2 * step), u3 = v128.load(from + 3 * step);
  const sixth = v(<f32>(1.0 / 6.0));
  v128.store(out, madd(f32x4.sub(v128.load(from), u1), v(0.5), f32x4.mul(f32x4.sub(u3, u2), sixth)));
  v128.store(out + outStep, v128.load(from + 5 * step));
  v128.store(out + 2 * outStep, f32x4.add(madd(u1, v(-0.5), madd(u2, sixth, f32x4.mul(u3, v(<f32>(1.0 / 3.0))))), v128.load(from + 4 * step)));
}
