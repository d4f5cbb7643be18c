import { madd, storeLanes, zero } from './simd';

// Depthwise convolution, NHWC, w [kh, kw, c]: each channel has a kernel of its own, so vectors run along the channels.

/** y = depthwise(x, w) + bias (0: none). */
export function depthwiseForward(
  scratch: usize, x: usize, w: usize, bias: usize, y: usize,
  h: i32, wd: i32, channels: i32, ho: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
  imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * channels) << 2);
    let to = y + (<usize>image * <usize>(ho * wo * channels) << 2);
    for (let i = 0; i < ho; i++) {
      const top = i * sh - padTop;
      const r0 = max(0, -top), r1 = min(kh, h - top);
      for (let j = 0; j < wo; j++) {
        const left = j * sw - padLeft;
        const s0 = max(0, -left), s1 = min(kw, wd - left);
        for (let c = 0; c < channels; c += 4) {
          let sum = f32x4.splat(0);
          if (bias) sum = v128.load(bias + ((<usize>c) << 2));
          for (let r = r0; r < r1; r++) {
            for (let s = s0; s < s1; s++) {
              sum = madd(
                v128.load(xi + (<usize>(((top + r) * wd + left + s) * channels + c) << 2)),
                v128.load(w + (<usize>((r * kw + s) * channels + c) << 2)),
                sum,
              );
            }
          }
          if (c + 4 <= channels) v128.store(to + ((<usize>c) << 2), sum);
          else storeLanes(to + ((<usize>c) << 2), sum, channels - c);
        }
        to += (<usize>channels) << 2;
      }
    }
  }
}

/** dw, db: this chunk's part ([chunk][kh kw c], [chunk][c]; db 0: none); dx (0: not wanted). Scratch: none. */
export function depthwiseBackward(
  scratch: usize, x: usize, w: usize, dy: usize, dx: usize, accumulateDx: i32, dwPartials: usize, dbPartials: usize,
  h: i32, wd: i32, channels: i32, ho: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32,
  imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const dw = dwPartials + (<usize>chunk * <usize>(kh * kw * channels) << 2);
  zero(dw, kh * kw * channels);
  const db = dbPartials + (<usize>chunk * <usize>channels << 2);
  if (dbPartials) zero(db, channels);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * channels) << 2);
    const dxi = dx + (<usize>image * <usize>(h * wd * channels) << 2);
    if (dx && !accumulateDx) zero(dxi, h * wd * channels);
    let from = dy + (<usize>image * <usize>(ho * wo * channels) << 2);
    for (let i = 0; i < ho; i++) {
      const top = i * sh - padTop;
      const r0 = max(0, -top), r1 = min(kh, h - top);
      for (let j = 0; j < wo; j++) {
        const left = j * sw - padLeft;
        const s0 = max(0, -left), s1 = min(kw, wd - left);
        for (let c = 0; c < channels; c += 4) {
          const rest = channels - c;
          const g = v128.load(from + ((<usize>c) << 2));
          if (dbPartials) add(db + ((<usize>c) << 2), g, rest);
          for (let r = r0; r < r1; r++) {
            for (let s = s0; s < s1; s++) {
              const pixel = <usize>(((top + r) * wd + left + s) * channels + c) << 2;
              const tap = <usize>((r * kw + s) * channels + c) << 2;
              add(dw + tap, f32x4.mul(g, v128.load(xi + pixel)), rest);
              if (dx) add(dxi + pixel, f32x4.mul(g, v128.load(w + tap)), rest);
            }
          }
        }
        from += (<usize>channels) << 2;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function add(address: usize, value: v128, lanes: i32): void {
  const sum = f32x4.add(v128.load(address), value);
  if (lanes >= 4) v128.store(address, sum);
  else storeLanes(address, sum, lanes);
}
