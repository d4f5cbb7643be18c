import { madd } from './simd';

// Products of Winograd's positions, a group of four tiles at a time. A group holds its transformed pixels as
// [position][channels / 4][4 tiles][4 channels], so that one pointer reaches what a block of products needs next:
// V8 does not fold an offset into a load that splats, and hoists loads of an unrolled body (and spills), unless branches hold them.
// The steps are written out because AssemblyScript has no macros, and only locals stay in registers.

/** Bytes of the products of a position: four tiles, eight columns. */
export const PRODUCTS: usize = 128;

/**
 * m[positions][4 tiles][8] = v u for one group: v[positions][k / 4][4 tiles][4], u[36][k][8]. Sums run over k in order.
 * tiles: how many of the four are wanted; what the others get is not said.
 */
export function multiplyGroup(v: usize, vPosition: usize, u: usize, m: usize, stride: i32, k: i32, tiles: i32): void {
  const panel = (<usize>k) << 5;
  if (stride == 1) return multiplyPositions(v, vPosition, u, panel, m, 36, k, tiles);
  // The last four positions of a dimension share a weight.
  for (let r = 0; r < 9; r++) {
    const row = u + <usize>(6 * min(r, 5)) * panel;
    multiplyPositions(v, vPosition, row, panel, m, 5, k, tiles);
    v += 5 * vPosition;
    m += 5 * PRODUCTS;
    multiplyPositions(v, vPosition, row + 5 * panel, 0, m, 4, k, tiles);
    v += 4 * vPosition;
    m += 4 * PRODUCTS;
  }
}

function multiplyPositions(v: usize, vPosition: usize, u: usize, uPosition: usize, m: usize, positions: i32, k: i32, tiles: i32): void {
  if (tiles > 2) multiplyFour(v, vPosition, u, uPosition, m, positions, k);
  else multiplyTwo(v, vPosition, u, uPosition, m, positions, k);
}

function multiplyFour(v: usize, vPosition: usize, u: usize, uPosition: usize, m: usize, positions: i32, k: i32): void {
  const end = m + <usize>positions * PRODUCTS;
  do {
    multiplyBlock(v, u, m, k);
    v += vPosition;
    u += uPosition;
    m += PRODUCTS;
  } while (m != end);
}

function multiplyTwo(v: usize, vPosition: usize, u: usize, uPosition: usize, m: usize, positions: i32, k: i32): void {
  const end = m + <usize>positions * PRODUCTS;
  do {
    let m00 = f32x4.splat(0), m01 = f32x4.splat(0), m10 = f32x4.splat(0), m11 = f32x4.splat(0);
    let a = v, b = u;
    let rest = k;
    do {
      const u0 = v128.load(b), u1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      m00 = madd(x, u0, m00); m01 = madd(x, u1, m01);
      x = v128.load32_splat(a, 16);
      m10 = madd(x, u0, m10); m11 = madd(x, u1, m11);
      b += 32;
      rest--;
      a += (k - rest) & 3 ? 4 : 52;
    } while (rest);
    v128.store(m, m00); v128.store(m, m01, 16);
    v128.store(m, m10, 32); v128.store(m, m11, 48);
    v += vPosition;
    u += uPosition;
    m += PRODUCTS;
  } while (m != end);
}

// @ts-ignore: decorator
@inline
function multiplyBlock(v: usize, u: usize, m: usize, k: i32): void {
  let m00 = f32x4.splat(0), m01 = f32x4.splat(0), m10 = f32x4.splat(0), m11 = f32x4.splat(0);
  let m20 = f32x4.splat(0), m21 = f32x4.splat(0), m30 = f32x4.splat(0), m31 = f32x4.splat(0);
  let rest = k;
  while (true) {
    let u0 = v128.load(u), u1 = v128.load(u, 16);
    let x = v128.load32_splat(v);
    m00 = madd(x, u0, m00); m01 = madd(x, u1, m01);
    x = v128.load32_splat(v, 16);
    m10 = madd(x, u0, m10); m11 = madd(x, u1, m11);
    x = v128.load32_splat(v, 32);
    m20 = madd(x, u0, m20); m21 = madd(x, u1, m21);
    x = v128.load32_splat(v, 48);
    m30 = madd(x, u0, m30); m31 = madd(x, u1, m31);
    if (rest == 1) break;
    v += 4;
    u0 = v128.load(u, 32); u1 = v128.load(u, 48);
    x = v128.load32_splat(v);
    m00 = madd(x, u0, m00); m01 = madd(x, u1, m01);
    x = v128.load32_splat(v, 16);
    m10 = madd(x, u0, m10); m11 = madd(x, u1, m11);
    x = v128.load32_splat(v, 32);
    m20 = madd(x, u0, m20); m21 = madd(x, u1, m21);
    x = v128.load32_splat(v, 48);
    m30 = madd(x, u0, m30); m31 = madd(x, u1, m31);
    if (rest == 2) break;
    v += 4;
    u0 = v128.load(u, 64); u1 = v128.load(u, 80);
    x = v128.load32_splat(v);
    m00 = madd(x, u0, m00); m01 = madd(x, u1, m01);
    x = v128.load32_splat(v, 16);
    m10 = madd(x, u0, m10); m11 = madd(x, u1, m11);
    x = v128.load32_splat(v, 32);
    m20 = madd(x, u0, m20); m21 = madd(x, u1, m21);
    x = v128.load32_splat(v, 48);
    m30 = madd(x, u0, m30); m31 = madd(x, u1, m31);
    if (rest == 3) break;
    v += 4;
    u0 = v128.load(u, 96); u1 = v128.load(u, 112);
    x = v128.load32_splat(v);
    m00 = madd(x, u0, m00); m01 = madd(x, u1, m01);
    x = v128.load32_splat(v, 16);
    m10 = madd(x, u0, m10); m11 = madd(x, u1, m11);
    x = v128.load32_splat(v, 32);
    m20 = madd(x, u0, m20); m21 = madd(x, u1, m21);
    x = v128.load32_splat(v, 48);
    m30 = madd(x, u0, m30); m31 = madd(x, u1, m31);
    rest -= 4;
    if (rest == 0) break;
    v += 52;
    u += 128;
  }
  v128.store(m, m00); v128.store(m, m01, 16);
  v128.store(m, m10, 32); v128.store(m, m11, 48);
  v128.store(m, m20, 64); v128.store(m, m21, 80);
  v128.store(m, m30, 96); v128.store(m, m31, 112);
}

/**
 * du[cin][cout] = V' D of one position (+ du, where `accumulate`), over `tiles` tiles in order. v, d: the position in the first group;
 * vGroup, dGroup: bytes to the next. cout: a multiple of four.
 */
export function weightGradientPosition(
  v: usize, vGroup: usize, d: usize, dGroup: usize, du: usize, tiles: i32, cin: i32, cout: i32, accumulate: bool,
): void {
  const row = (<usize>cout) << 2;
  for (let i = 0; i < cin; i += 4) {
    const rows = min(4, cin - i);
    let dColumns = d, part = du;
    let j = 0;
    for (; j + 8 <= cout; j += 8) {
      gradientBlock(v, vGroup, dColumns, dGroup, part, row, rows, tiles, accumulate);
      dColumns += 128;
      part += 32;
    }
    if (j < cout) gradientHalf(v, vGroup, dColumns, dGroup, part, row, rows, tiles, accumulate);
    v += 64;
    du += row << 2;
  }
}

/** Four (or `rows`) input and eight output channels. */
// @ts-ignore: decorator
@inline
function gradientBlock(v: usize, vGroup: usize, d: usize, dGroup: usize, du: usize, row: usize, rows: i32, tiles: i32, accumulate: bool): void {
  const r1 = rows > 1 ? du + row : du, r2 = rows > 2 ? du + 2 * row : du, r3 = rows > 3 ? du + 3 * row : du;
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  if (accumulate) {
    c00 = v128.load(du); c01 = v128.load(du, 16); c10 = v128.load(r1); c11 = v128.load(r1, 16);
    c20 = v128.load(r2); c21 = v128.load(r2, 16); c30 = v128.load(r3); c31 = v128.load(r3, 16);
  }
  let rest = tiles;
  while (true) {
    let d0 = v128.load(d), d1 = v128.load(d, 64);
    let x = v128.load32_splat(v);
    c00 = madd(x, d0, c00); c01 = madd(x, d1, c01);
    x = v128.load32_splat(v, 4);
    c10 = madd(x, d0, c10); c11 = madd(x, d1, c11);
    x = v128.load32_splat(v, 8);
    c20 = madd(x, d0, c20); c21 = madd(x, d1, c21);
    x = v128.load32_splat(v, 12);
    c30 = madd(x, d0, c30); c31 = madd(x, d1, c31);
    if (rest == 1) break;
    v += 16;
    d0 = v128.load(d, 16); d1 = v128.load(d, 80);
    x = v128.load32_splat(v);
    c00 = madd(x, d0, c00); c01 = madd(x, d1, c01);
    x = v128.load32_splat(v, 4);
    c10 = madd(x, d0, c10); c11 = madd(x, d1, c11);
    x = v128.load32_splat(v, 8);
    c20 = madd(x, d0, c20); c21 = madd(x, d1, c21);
    x = v128.load32_splat(v, 12);
    c30 = madd(x, d0, c30); c31 = madd(x, d1, c31);
    if (rest == 2) break;
    v += 16;
    d0 = v128.load(d, 32); d1 = v128.load(d, 96);
    x = v128.load32_splat(v);
    c00 = madd(x, d0, c00); c01 = madd(x, d1, c01);
    x = v128.load32_splat(v, 4);
    c10 = madd(x, d0, c10); c11 = madd(x, d1, c11);
    x = v128.load32_splat(v, 8);
    c20 = madd(x, d0, c20); c21 = madd(x, d1, c21);
    x = v128.load32_splat(v, 12);
    c30 = madd(x, d0, c30); c31 = madd(x, d1, c31);
    if (rest == 3) break;
    v += 16;
    d0 = v128.load(d, 48); d1 = v128.load(d, 112);
    x = v128.load32_splat(v);
    c00 = madd(x, d0, c00); c01 = madd(x, d1, c01);
    x = v128.load32_splat(v, 4);
    c10 = madd(x, d0, c10); c11 = madd(x, d1, c11);
    x = v128.load32_splat(v, 8);
    c20 = madd(x, d0, c20); c21 = madd(x, d1, c21);
    x = v128.load32_splat(v, 12);
    c30 = madd(x, d0, c30); c31 = madd(x, d1, c31);
    rest -= 4;
    if (rest == 0) break;
    v += vGroup - 48;
    d += dGroup;
  }
  // From the last: rows that do not exist were read from the first, which is written last.
  v128.store(r3, c30); v128.store(r3, c31, 16);
  v128.store(r2, c20); v128.store(r2, c21, 16);
  v128.store(r1, c10); v128.store(r1, c11, 16);
  v128.store(du, c00); v128.store(du, c01, 16);
}

/** The last four output channels of 8 n + 4. */
function gradientHalf(v: usize, vGroup: usize, d: usize, dGroup: usize, du: usize, row: usize, rows: i32, tiles: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    let sum = accumulate ? v128.load(du) : f32x4.splat(0);
    let a = v, b = d;
    for (let tile = 0; tile < tiles; tile++) {
      sum = madd(v128.load32_splat(a), v128.load(b), sum);
      const last = (tile & 3) == 3;
      a += last ? vGroup - 48 : 16;
      b += last ? dGroup - 48 : 16;
    }
    v128.store(du, sum);
    v += 4;
    du += row;
  }
}
