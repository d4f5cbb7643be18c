import { madd, storeLanes } from './simd';

/**
 * C[m, n] = A[m, k] B[k, n] (+ C, or + bias[n]). Strides in bytes; A may be transposed by its strides, B and C have
 * neighbouring columns side by side. k >= 1. Sums run over k in order, so the result does not depend on m's or n's blocks.
 *
 * Blocks of 4 rows x 8 columns: 8 accumulators, 2 vectors of B and one of A fit the 16 registers of x64. One step of
 * k a turn: V8 hoists the loads of an unrolled body and spills.
 */
export function gemm(
  a: usize, aRow: usize, aStep: usize,
  b: usize, bStep: usize,
  c: usize, cRow: usize,
  m: i32, n: i32, k: i32,
  accumulate: bool, bias: usize,
): void {
  const length = <usize>k * bStep;
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    const bColumn = b + ((<usize>j) << 2);
    const bEnd = bColumn + length;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    if (bias) {
      s0 = v128.load(bias + ((<usize>j) << 2));
      s1 = v128.load(bias + ((<usize>j) << 2), 16);
    }
    let cBlock = c + ((<usize>j) << 2);
    let aBlock = a;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      let a0 = aBlock, a1 = aBlock + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
      let c00 = s0, c01 = s1, c10 = s0, c11 = s1, c20 = s0, c21 = s1, c30 = s0, c31 = s1;
      const r1 = cBlock + cRow, r2 = r1 + cRow, r3 = r2 + cRow;
      if (accumulate) {
        c00 = v128.load(cBlock); c01 = v128.load(cBlock, 16);
        c10 = v128.load(r1); c11 = v128.load(r1, 16);
        c20 = v128.load(r2); c21 = v128.load(r2, 16);
        c30 = v128.load(r3); c31 = v128.load(r3, 16);
      }
      let p = bColumn;
      do {
        const b0 = v128.load(p), b1 = v128.load(p, 16);
        let x = v128.load32_splat(a0);
        c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load32_splat(a1);
        c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load32_splat(a2);
        c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load32_splat(a3);
        c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
        p += bStep;
      } while (p != bEnd);
      v128.store(cBlock, c00); v128.store(cBlock, c01, 16);
      v128.store(r1, c10); v128.store(r1, c11, 16);
      v128.store(r2, c20); v128.store(r2, c21, 16);
      v128.store(r3, c30); v128.store(r3, c31, 16);
      aBlock = aBlock + (aRow << 2);
      cBlock = r3 + cRow;
    }
    for (; i < m; i++) {
      let a0 = aBlock;
      let c00 = s0, c01 = s1;
      if (accumulate) { c00 = v128.load(cBlock); c01 = v128.load(cBlock, 16); }
      let p = bColumn;
      do {
        const x = v128.load32_splat(a0);
        c00 = madd(x, v128.load(p), c00); c01 = madd(x, v128.load(p, 16), c01);
        a0 += aStep;
        p += bStep;
      } while (p != bEnd);
      v128.store(cBlock, c00); v128.store(cBlock, c01, 16);
      aBlock += aRow;
      cBlock += cRow;
    }
  }
  for (; j < n; j += 4) {
    const rest = n - j;
    const bColumn = b + ((<usize>j) << 2);
    const bEnd = bColumn + length;
    let start = f32x4.splat(0);
    if (bias) start = v128.load(bias + ((<usize>j) << 2));
    let cBlock = c + ((<usize>j) << 2);
    let aBlock = a;
    let i = 0;
    for (; i + 4 <= m; i += 4) {
      let a0 = aBlock, a1 = aBlock + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
      const r1 = cBlock + cRow, r2 = r1 + cRow, r3 = r2 + cRow;
      let c0 = start, c1 = start, c2 = start, c3 = start;
      if (accumulate) { c0 = v128.load(cBlock); c1 = v128.load(r1); c2 = v128.load(r2); c3 = v128.load(r3); }
      let p = bColumn;
      do {
        const b0 = v128.load(p);
        c0 = madd(v128.load32_splat(a0), b0, c0);
        c1 = madd(v128.load32_splat(a1), b0, c1);
        c2 = madd(v128.load32_splat(a2), b0, c2);
        c3 = madd(v128.load32_splat(a3), b0, c3);
        a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
        p += bStep;
      } while (p != bEnd);
      if (rest >= 4) {
        v128.store(cBlock, c0); v128.store(r1, c1); v128.store(r2, c2); v128.store(r3, c3);
      } else {
        storeLanes(cBlock, c0, rest); storeLanes(r1, c1, rest); storeLanes(r2, c2, rest); storeLanes(r3, c3, rest);
      }
      aBlock = aBlock + (aRow << 2);
      cBlock = r3 + cRow;
    }
    for (; i < m; i++) {
      let a0 = aBlock;
      let c0 = start;
      if (accumulate) c0 = v128.load(cBlock);
      let p = bColumn;
      do {
        c0 = madd(v128.load32_splat(a0), v128.load(p), c0);
        a0 += aStep;
        p += bStep;
      } while (p != bEnd);
      if (rest >= 4) v128.store(cBlock, c0);
      else storeLanes(cBlock, c0, rest);
      aBlock += aRow;
      cBlock += cRow;
    }
  }
}

/** out[columns, rows] = in[rows, columns], row strides in bytes. */
export function transpose(input: usize, inRow: usize, out: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    let from = input + <usize>r * inRow;
    let to = out + ((<usize>r) << 2);
    for (let c = 0; c < columns; c++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += outRow;
    }
  }
}
