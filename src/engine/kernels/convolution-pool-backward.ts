import { DEAD } from './convolution-pool-forward';
import { transpose } from './gemm';
import { madd, storeLanes, zero } from './simd';
import { multipleOfFour } from './winograd-strip';

/**
 * The gradients: only the maxima have one, so one position in sixteen. dw: this chunk's part, [chunk][cout][3][3 cin rounded
 * up to four]; db likewise [chunk][cout]; dx (0: not wanted) is written
 * whole, or added to. Scratch: the transposed weights.
 */
export function convolutionPoolBackward(
  scratch: usize, x: usize, w: usize, places: usize, dy: usize, dx: usize, accumulateDx: i32, dwPartials: usize, dbPartials: usize,
  h: i32, wd: i32, cin: i32, hp: i32, wp: i32, cout: i32, pad: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const patchRow = 3 * cin;
  const rowBytes = (<usize>multipleOfFour(patchRow)) << 2;
  const filter = 3 * rowBytes;
  const dw = dwPartials + <usize>chunk * <usize>cout * filter;
  memory.fill(dw, 0, <usize>cout * filter);
  const db = dbPartials + (<usize>(chunk * cout) << 2);
  zero(db, cout);
  if (dx) {
    for (let r = 0; r < 3; r++) {
      transpose(w + (<usize>(r * patchRow * cout) << 2), (<usize>cout) << 2, scratch + <usize>r * rowBytes, filter, patchRow, cout);
    }
  }
  const rowsOf = scratch + <usize>cout * filter + 64;
  const width = wd + 2 * pad;
  const imageRow = (<usize>(width * cin)) << 2;
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    let xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    if (pad) {
      padImage(xi, rowsOf, h, wd, cin, pad);
      xi = rowsOf;
    }
    const dxi = dx + (<usize>image * <usize>(h * wd * cin) << 2);
    if (dx && !accumulateDx) zero(dxi, h * wd * cin);
    const base = <usize>(image * hp * wp) * <usize>cout;
    if (cin == 3 && !dx) {
      sparseThree(xi, places + base, dy + (base << 2), dw, db, width, hp, wp, cout);
      continue;
    }
    for (let i = 0; i < hp; i++) {
      for (let j = 0; j < wp; j++) {
        const at = base + <usize>((i * wp + j) * cout);
        for (let c = 0; c < cout; c++) {
          const kept = <i32>load<u8>(places + at + <usize>c);
          if (kept == DEAD) continue;
          const place = kept - 1;
          const g = load<f32>(dy + ((at + <usize>c) << 2));
          const bias = db + ((<usize>c) << 2);
          store<f32>(bias, load<f32>(bias) + g);
          const top = 4 * i + (place >> 2), left = 4 * j + (place & 3);
          const pixel = (<usize>((top * width + left) * cin)) << 2;
          sparseOuter(xi + pixel, imageRow, dw + <usize>c * filter, rowBytes, g);
          if (dx) sparseScatter(dxi, scratch + <usize>c * filter, rowBytes, g, top - pad, left - pad, h, wd, cin);
        }
      }
    }
  }
}

/** dw[3][row] += g x patch. */
// @ts-ignore: decorator
@inline
function sparseOuter(x: usize, imageRow: usize, dw: usize, rowBytes: usize, g: f32): void {
  const factor = f32x4.splat(g);
  for (let r = 0; r < 3; r++) {
    let p = x, q = dw;
    const end = q + rowBytes;
    do {
      v128.store(q, madd(factor, v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
    } while (q != end);
    x += imageRow;
    dw += rowBytes;
  }
}

/** dx patch += g x filter, inside the image only. */
// @ts-ignore: decorator
@inline
function sparseScatter(
  dx: usize, filter: usize, rowBytes: usize, g: f32, top: i32, left: i32, h: i32, wd: i32, cin: i32,
): void {
  const factor = f32x4.splat(g);
  const from = max(0, -left), to = min(3, wd - left);
  // A window that lies in the padding altogether.
  if (to <= from) return;
  const bytes = (<usize>((to - from) * cin)) << 2;
  for (let r = 0; r < 3; r++) {
    const y = top + r;
    if (y >= 0 && y < h) {
      let q = dx + (<usize>((y * wd + left + from) * cin) << 2);
      let p = filter + <usize>r * rowBytes + ((<usize>(from * cin)) << 2);
      let rest = bytes;
      for (; rest >= 16; rest -= 16) {
        v128.store(q, madd(factor, v128.load(p), v128.load(q)));
        p += 16;
        q += 16;
      }
      if (rest) storeLanes(q, madd(factor, v128.load(p), v128.load(q)), <i32>(rest >> 2));
    }
  }
}

/**
 * Three input channels: a channel's filter gradient (nine vectors) stays in registers over a row of windows; a dead
 * window adds zero, which costs less than a branch the processor cannot foresee.
 */
function sparseThree(x: usize, places: usize, dy: usize, dw: usize, db: usize, width: i32, hp: i32, wp: i32, cout: i32): void {
  const imageRow = (<usize>(width * 3)) << 2;
  for (let i = 0; i < hp; i++) {
    const rowStart = x + <usize>(4 * i) * imageRow;
    const base = <usize>(i * wp * cout);
    for (let c = 0; c < cout; c++) {
      const q = dw + <usize>c * 144;
      let a0 = v128.load(q), a1 = v128.load(q, 16), a2 = v128.load(q, 32);
      let a3 = v128.load(q, 48), a4 = v128.load(q, 64), a5 = v128.load(q, 80);
      let a6 = v128.load(q, 96), a7 = v128.load(q, 112), a8 = v128.load(q, 128);
      let sum: f32 = load<f32>(db + ((<usize>c) << 2));
      let place = places + base + <usize>c;
      let gradient = dy + ((base + <usize>c) << 2);
      let window = rowStart;
      const end = place + <usize>(wp * cout);
      do {
        const kept = <i32>load<u8>(place);
        const alive = kept != DEAD;
        const k = kept - 1;
        const g: f32 = select<f32>(load<f32>(gradient), 0, alive);
        const p0 = window + select<usize>(<usize>(k >> 2) * imageRow + <usize>((k & 3) * 12), 0, alive);
        const p1 = p0 + imageRow, p2 = p1 + imageRow;
        const factor = f32x4.splat(g);
        sum += g;
        a0 = madd(factor, v128.load(p0), a0);
        a1 = madd(factor, v128.load(p0, 16), a1);
        a2 = madd(factor, v128.load(p0, 32), a2);
        a3 = madd(factor, v128.load(p1), a3);
        a4 = madd(factor, v128.load(p1, 16), a4);
        a5 = madd(factor, v128.load(p1, 32), a5);
        a6 = madd(factor, v128.load(p2), a6);
        a7 = madd(factor, v128.load(p2, 16), a7);
        a8 = madd(factor, v128.load(p2, 32), a8);
        place += cout;
        gradient += (<usize>cout) << 2;
        window += 48;
      } while (place != end);
      v128.store(q, a0); v128.store(q, a1, 16); v128.store(q, a2, 32);
      v128.store(q, a3, 48); v128.store(q, a4, 64); v128.store(q, a5, 80);
      v128.store(q, a6, 96); v128.store(q, a7, 112); v128.store(q, a8, 128);
      store<f32>(db + ((<usize>c) << 2), sum);
    }
  }
}

/** Copies an image into a frame of zeros. */
function padImage(x: usize, out: usize, h: i32, wd: i32, cin: i32, pad: i32): void {
  const row = (<usize>((wd + 2 * pad) * cin)) << 2;
  memory.fill(out, 0, <usize>(h + 2 * pad) * row);
  for (let y = 0; y < h; y++) {
    memory.copy(out + <usize>(y + pad) * row + ((<usize>(pad * cin)) << 2), x + (<usize>(y * wd * cin) << 2), (<usize>(wd * cin)) << 2);
  }
}

/** dw [3, 3, cin, cout] and db from the chunks' parts, added in order. A chunk is one output channel. */
export function convolutionPoolGradient(
  scratch: usize, dwPartials: usize, dbPartials: usize, count: i32, dw: usize, db: usize, cin: i32, cout: i32, chunk: i32,
): void {
  const patchRow = 3 * cin;
  const rowFloats = multipleOfFour(patchRow);
  const filter = 3 * rowFloats;
  for (let k = 0; k < 3 * patchRow; k++) {
    const at = chunk * filter + (k / patchRow) * rowFloats + (k % patchRow);
    let sum: f32 = 0;
    for (let i = 0; i < count; i++) sum += load<f32>(dwPartials + (<usize>(i * cout * filter + at) << 2));
    store<f32>(dw + (<usize>(k * cout + chunk) << 2), sum);
  }
  if (db) {
    let sum: f32 = 0;
    for (let i = 0; i < count; i++) sum += load<f32>(dbPartials + (<usize>(i * cout + chunk) << 2));
    store<f32>(db + ((<usize>chunk) << 2), sum);
  }
}
