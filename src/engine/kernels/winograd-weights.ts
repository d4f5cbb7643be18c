import { madd } from './simd';
import { stridedFilter, stridedFilterGradient } from './winograd-strided-transforms';

// Weights into Winograd's domain, once a step, and their gradient back out of it; four channels a vector.

// @ts-ignore: decorator
@inline
function v(x: f32): v128 {
  return f32x4.splat(x);
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
