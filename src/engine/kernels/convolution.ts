import { gemm, transpose } from './gemm';
import { zero } from './simd';

// Any kernel, stride and padding, NHWC, w [kh, kw, cin, cout]: the patches of a strip of output positions are laid out
// as rows of a matrix (im2col), so that the convolution and both its gradients are matrix products.

/** Output positions a strip: about 64 KB of patches, so that they stay in the second-level cache. */
// @ts-ignore: decorator
@inline
function stripLength(patch: i32): i32 {
  return max(4, min(64, (16384 / patch) & ~3));
}

/** Copies the patches of positions first ... first + count - 1 of one image to rows of `columns`; zero beyond the edge. */
function gather(
  x: usize, columns: usize, first: i32, count: i32,
  h: i32, wd: i32, cin: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
): void {
  const pixel = (<usize>cin) << 2;
  let to = columns;
  let top = (first / wo) * sh - padTop, left = (first % wo) * sw - padLeft;
  const rightmost = (wo - 1) * sw - padLeft;
  for (let t = 0; t < count; t++) {
    const from0 = max(0, -left);
    const from1 = min(kw, wd - left);
    for (let r = 0; r < kh; r++) {
      const row = top + r;
      if (row < 0 || row >= h || from1 <= from0) {
        memory.fill(to, 0, <usize>kw * pixel);
      } else {
        if (from0) memory.fill(to, 0, <usize>from0 * pixel);
        const bytes = <usize>(from1 - from0) * pixel;
        copy(to + <usize>from0 * pixel, x + <usize>(row * wd + left + from0) * pixel, bytes);
        if (from1 < kw) memory.fill(to + <usize>from1 * pixel, 0, <usize>(kw - from1) * pixel);
      }
      to += <usize>kw * pixel;
    }
    if (left == rightmost) {
      left = -padLeft;
      top += sh;
    } else {
      left += sw;
    }
  }
}

/** Short copies by vectors: memory.copy costs a call. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, bytes: usize): void {
  const vectors = bytes & ~15;
  let i: usize = 0;
  for (; i < vectors; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** Adds rows of patch gradients back to the image they were gathered from. */
function scatter(
  columns: usize, dx: usize, first: i32, count: i32,
  h: i32, wd: i32, cin: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
): void {
  const pixel = (<usize>cin) << 2;
  let from = columns;
  let top = (first / wo) * sh - padTop, left = (first % wo) * sw - padLeft;
  const rightmost = (wo - 1) * sw - padLeft;
  for (let t = 0; t < count; t++) {
    const from0 = max(0, -left);
    const from1 = min(kw, wd - left);
    for (let r = 0; r < kh; r++) {
      const row = top + r;
      if (row >= 0 && row < h && from1 > from0) {
        const target = dx + <usize>(row * wd + left + from0) * pixel;
        const source = from + <usize>from0 * pixel;
        const bytes = <usize>(from1 - from0) * pixel;
        const vectors = bytes & ~15;
        let i: usize = 0;
        for (; i < vectors; i += 16) v128.store(target + i, f32x4.add(v128.load(target + i), v128.load(source + i)));
        for (; i < bytes; i += 4) store<f32>(target + i, load<f32>(target + i) + load<f32>(source + i));
      }
      from += <usize>kw * pixel;
    }
    if (left == rightmost) {
      left = -padLeft;
      top += sh;
    } else {
      left += sw;
    }
  }
}

/** A 1x1 kernel reads the image itself, a row of outputs at a time (all of them where the stride is 1). */
// @ts-ignore: decorator
@inline
function isPointwise(kh: i32, kw: i32, padTop: i32, padLeft: i32): bool {
  return kh == 1 && kw == 1 && padTop == 0 && padLeft == 0;
}

/** y = convolution(x, w) + bias (0: none). Scratch: one strip of patches. */
export function convolutionForward(
  scratch: usize, x: usize, w: usize, bias: usize, y: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
  imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const patch = kh * kw * cin;
  const strip = stripLength(patch);
  const positions = ho * wo;
  const last = min(images, (chunk + 1) * imagesPerChunk);
  const outRow = (<usize>cout) << 2;
  const patchRow = (<usize>patch) << 2;
  const pointwise = isPointwise(kh, kw, padTop, padLeft);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    const yi = y + <usize>image * <usize>positions * outRow;
    if (pointwise) {
      const across = sh == 1 && sw == 1 ? positions : wo;
      for (let first = 0; first < positions; first += across) {
        const from = xi + <usize>((first / wo) * sh * wd) * patchRow;
        gemm(from, <usize>sw * patchRow, 4, w, outRow, yi + <usize>first * outRow, outRow, across, cout, patch, false, bias);
      }
      continue;
    }
    for (let first = 0; first < positions; first += strip) {
      const count = min(strip, positions - first);
      gather(xi, scratch, first, count, h, wd, cin, wo, kh, kw, sh, sw, padTop, padLeft);
      gemm(scratch, patchRow, 4, w, outRow, yi + <usize>first * outRow, outRow, count, cout, patch, false, bias);
    }
  }
}

/**
 * dw = x' dy (this chunk's part, [chunk][kh kw cin, cout]), db likewise (0: none), dx = dy w' (0: not wanted).
 * Scratch: a strip of patches, a strip of their gradients, the transposed weights.
 */
export function convolutionBackward(
  scratch: usize, x: usize, w: usize, dy: usize, dx: usize, accumulateDx: i32, dwPartials: usize, dbPartials: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
  imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const patch = kh * kw * cin;
  const widest = stripLength(patch);
  const positions = ho * wo;
  const outRow = (<usize>cout) << 2;
  const patchRow = (<usize>patch) << 2;
  const columns = scratch;
  const columnGradients = columns + <usize>widest * patchRow + 64;
  const transposed = columnGradients + <usize>widest * patchRow + 64;
  const pointwise = isPointwise(kh, kw, padTop, padLeft);
  // Rows of a 1x1 kernel's strip lie in the image, a stride apart.
  const strip = !pointwise ? widest : sh == 1 && sw == 1 ? positions : wo;
  const stripRow = pointwise ? <usize>sw * patchRow : patchRow;
  const dw = dwPartials + <usize>chunk * <usize>patch * outRow;
  zero(dw, patch * cout);
  if (dx) transpose(w, outRow, transposed, patchRow, patch, cout);
  const firstImage = chunk * imagesPerChunk;
  const last = min(images, firstImage + imagesPerChunk);
  for (let image = firstImage; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    const dyi = dy + <usize>image * <usize>positions * outRow;
    const dxi = dx + (<usize>image * <usize>(h * wd * cin) << 2);
    if (dx && !accumulateDx) zero(dxi, h * wd * cin);
    for (let first = 0; first < positions; first += strip) {
      const count = min(strip, positions - first);
      const dyStrip = dyi + <usize>first * outRow;
      let patches = columns;
      const at = <usize>((first / wo) * sh * wd) * patchRow;
      if (pointwise) patches = xi + at;
      else gather(xi, columns, first, count, h, wd, cin, wo, kh, kw, sh, sw, padTop, padLeft);
      gemm(patches, 4, stripRow, dyStrip, outRow, dw, outRow, patch, cout, count, true, 0);
      if (!dx) continue;
      if (pointwise) {
        gemm(dyStrip, outRow, 4, transposed, patchRow, dxi + at, stripRow, count, patch, cout, true, 0);
      } else {
        gemm(dyStrip, outRow, 4, transposed, patchRow, columnGradients, patchRow, count, patch, cout, false, 0);
        scatter(columnGradients, dxi, first, count, h, wd, cin, wo, kh, kw, sh, sw, padTop, padLeft);
      }
    }
  }
  if (dbPartials) {
    const db = dbPartials + <usize>chunk * outRow;
    sumRows(dy + <usize>firstImage * <usize>positions * outRow, db, (last - firstImage) * positions, cout);
  }
}

/** out[c] = the sum of rows[r][c] over r. */
export function sumRows(rows: usize, out: usize, count: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    let p = rows + ((<usize>c) << 2);
    let sum = f32x4.splat(0);
    for (let r = 0; r < count; r++) { sum = f32x4.add(sum, v128.load(p)); p += row; }
    v128.store(out + ((<usize>c) << 2), sum);
  }
  for (; c < channels; c++) {
    let p = rows + ((<usize>c) << 2);
    let sum: f32 = 0;
    for (let r = 0; r < count; r++) { sum += load<f32>(p); p += row; }
    store<f32>(out + ((<usize>c) << 2), sum);
  }
}
