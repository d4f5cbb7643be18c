import { madd, zero } from './simd';
import { multipleOfFour } from './winograd-strip';

// Rows of an image on their way to and from a strip of Winograd tiles: padded, normalised, masked, summed.

/**
 * Copies rows first ... first + count - 1 of a padded image into `rows`; zero beyond the edge.
 * With `coefficients`: relu of x normalised. Pixel stride of `rows`: channels rounded up to four.
 */
export function fillRows(
  x: usize, coefficients: usize, rows: usize, first: i32, count: i32, width: i32,
  h: i32, wd: i32, channels: i32, pad: i32,
): void {
  const pixel = (<usize>multipleOfFour(channels)) << 2;
  const row = <usize>width * pixel;
  const inside = max(0, min(wd, width - pad));
  for (let r = 0; r < count; r++) {
    const to = rows + <usize>r * row;
    const y = first + r - pad;
    if (y < 0 || y >= h) {
      memory.fill(to, 0, row);
      continue;
    }
    if (pad) memory.fill(to, 0, <usize>pad * pixel);
    const start = to + <usize>pad * pixel;
    if (pad + inside < width) memory.fill(start + <usize>inside * pixel, 0, <usize>(width - pad - inside) * pixel);
    const from = x + (<usize>(y * wd * channels) << 2);
    if (coefficients) {
      let c: usize = 0;
      // Eight channels a turn: half of the loop's own instructions.
      for (; c + 32 <= pixel; c += 32) {
        const mean0 = v128.load(coefficients + c), scale0 = v128.load(coefficients + pixel + c);
        const mean1 = v128.load(coefficients + c, 16), scale1 = v128.load(coefficients + pixel + c, 16);
        const beta0 = v128.load(coefficients + 2 * pixel + c), beta1 = v128.load(coefficients + 2 * pixel + c, 16);
        let p = from + c, q = start + c;
        const end = p + <usize>inside * pixel;
        for (; p < end; p += pixel) {
          v128.store(q, f32x4.pmax(madd(f32x4.sub(v128.load(p), mean0), scale0, beta0), f32x4.splat(0)));
          v128.store(q, f32x4.pmax(madd(f32x4.sub(v128.load(p, 16), mean1), scale1, beta1), f32x4.splat(0)), 16);
          q += pixel;
        }
      }
      if (c < pixel) {
        const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
        const beta = v128.load(coefficients + 2 * pixel + c);
        let p = from + c, q = start + c;
        const end = p + <usize>inside * pixel;
        for (; p < end; p += pixel) {
          v128.store(q, f32x4.pmax(madd(f32x4.sub(v128.load(p), mean), scale, beta), f32x4.splat(0)));
          q += pixel;
        }
      }
    } else if (channels & 3) {
      let p = from, q = start;
      for (let i = 0; i < inside; i++) {
        v128.store(q, f32x4.splat(0));
        for (let c: usize = 0; c < <usize>channels << 2; c += 4) store<f32>(q + c, load<f32>(p + c));
        p += (<usize>channels) << 2;
        q += pixel;
      }
    } else {
      memory.copy(start, from, <usize>inside * pixel);
    }
  }
}

/**
 * Rows of the gradient by z, the output of the convolution, from dy, that by the normalised (and, where `relu`, rectified) z:
 * dz = scale g - slopes[0] - (z - mean) slopes[1]. Zero beyond the edge.
 */
export function fillGradientRows(
  dy: usize, z: usize, coefficients: usize, slopes: usize, relu: i32, rows: usize, first: i32, count: i32, width: i32,
  h: i32, wd: i32, channels: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>width * pixel;
  const inside = min(wd, width);
  for (let r = 0; r < count; r++) {
    const to = rows + <usize>r * row;
    const y = first + r;
    if (y >= h) {
      memory.fill(to, 0, row);
      continue;
    }
    if (inside < width) memory.fill(to + <usize>inside * pixel, 0, <usize>(width - inside) * pixel);
    const at = <usize>(y * wd) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
      const beta = v128.load(coefficients + 2 * pixel + c);
      const constant = v128.load(slopes + c), slope = f32x4.neg(v128.load(slopes + pixel + c));
      let p = at + c, q = to + c;
      const end = p + <usize>inside * pixel;
      for (; p < end; p += pixel) {
        const d = f32x4.sub(v128.load(z + p), mean);
        let g = v128.load(dy + p);
        if (relu) g = v128.and(g, f32x4.gt(madd(d, scale, beta), f32x4.splat(0)));
        v128.store(q, madd(d, slope, f32x4.sub(f32x4.mul(g, scale), constant)));
        q += pixel;
      }
    }
  }
}

/** Gradients through the ReLU behind a normalisation of x, in place, and their sums. */
export function maskRows(
  rows: usize, x: usize, coefficients: usize, sums: usize, first: i32, count: i32, row: usize,
  h: i32, wd: i32, channels: i32, pad: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const inside = <usize>min(wd, <i32>(row / pixel) - pad) * pixel;
  // Row by row, so that a row stays in the first-level cache for all its channels.
  for (let r = 0; r < count; r++) {
    const y = first + r - pad;
    if (y < 0 || y >= h) continue;
    const from = x + <usize>(y * wd) * pixel;
    const to = rows + <usize>r * row + <usize>pad * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const mean = v128.load(coefficients + c), scale = v128.load(coefficients + pixel + c);
      const beta = v128.load(coefficients + 2 * pixel + c);
      let sum = v128.load(sums + c), moment = v128.load(sums + pixel + c);
      let p = from + c, q = to + c;
      const end = p + inside;
      do {
        const d = f32x4.sub(v128.load(p), mean);
        const g = v128.and(v128.load(q), f32x4.gt(madd(d, scale, beta), f32x4.splat(0)));
        v128.store(q, g);
        sum = f32x4.add(sum, g);
        moment = madd(g, d, moment);
        p += pixel;
        q += pixel;
      } while (p != end);
      v128.store(sums + c, sum);
      v128.store(sums + pixel + c, moment);
    }
  }
}

/** Writes (or adds) the strip's rows to the image, without the padding. */
export function storeRows(
  rows: usize, dx: usize, first: i32, count: i32, row: usize, h: i32, wd: i32, channels: i32, pad: i32, accumulate: bool,
): void {
  const pixel = (<usize>channels) << 2, padded = (<usize>multipleOfFour(channels)) << 2;
  const inside = min(wd, <i32>(row / padded) - pad);
  for (let r = 0; r < count; r++) {
    const y = first + r - pad;
    if (y < 0 || y >= h) continue;
    const from = rows + <usize>r * row + <usize>pad * padded;
    const to = dx + <usize>(y * wd) * pixel;
    const bytes = <usize>inside * pixel;
    if (channels & 3) {
      for (let i = 0; i < inside; i++) {
        for (let c: usize = 0; c < pixel; c += 4) {
          const at = to + <usize>i * pixel + c;
          const value = load<f32>(from + <usize>i * padded + c);
          store<f32>(at, accumulate ? load<f32>(at) + value : value);
        }
      }
    } else if (!accumulate) {
      memory.copy(to, from, bytes);
    } else {
      for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    }
  }
}

/** Rows and columns of the input that no tile reached have no gradient. */
export function clearBelow(dx: usize, fromRow: i32, fromColumn: i32, h: i32, wd: i32, channels: i32): void {
  for (let y = 0; y < h; y++) {
    const start = y < fromRow ? min(wd, fromColumn) : 0;
    if (start < wd) zero(dx + (<usize>((y * wd + start) * channels) << 2), (wd - start) * channels);
  }
}

/** Sums of each channel of `count` pixels, added to `out`. */
export function addRows(rows: usize, out: usize, count: i32, channels: i32): void {
  const pixel = (<usize>channels) << 2;
  for (let c: usize = 0; c < pixel; c += 16) {
    let p = rows + c;
    let sum = f32x4.splat(0);
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(p));
      p += pixel;
    }
    v128.store(out + c, f32x4.add(v128.load(out + c), sum));
  }
}
