import { load4, put4, store4 } from './lanes';
import { zero } from './simd';

// Pooling, NHWC. A chunk is one image. Windows are clipped at the edges: padding never wins a maximum nor counts in a
// mean; what is no number wins every maximum, so that it shows. Backward kernels add to dx where `accumulate`, else overwrite it.

/** y = maximum of each window; argmax (0: not wanted) = which of the window's size * size positions, one byte each. */
export function maxPoolingForward(
  scratch: usize, x: usize, y: usize, argmax: usize,
  h: i32, w: i32, channels: i32, ho: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32, chunk: i32,
): void {
  const image = x + (<usize>chunk * <usize>(h * w * channels) << 2);
  let at = chunk * ho * wo * channels;
  for (let i = 0; i < ho; i++) {
    const top = i * sh - padTop;
    const r0 = max(0, -top), r1 = min(kh, h - top);
    for (let j = 0; j < wo; j++) {
      const left = j * sw - padLeft;
      const s0 = max(0, -left), s1 = min(kw, w - left);
      for (let c = 0; c < channels; c += 4) {
        let best = f32x4.splat(-Infinity);
        let index = i32x4.splat(r0 * kw + s0);
        for (let r = r0; r < r1; r++) {
          let p = image + (<usize>(((top + r) * w + left + s0) * channels + c) << 2);
          for (let s = s0; s < s1; s++) {
            const v = v128.load(p);
            const wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
            best = v128.bitselect(v, best, wins);
            index = v128.bitselect(i32x4.splat(r * kw + s), index, wins);
            p += (<usize>channels) << 2;
          }
        }
        const rest = channels - c;
        store4(y, at + c, best, rest);
        if (!argmax) continue;
        const to = argmax + <usize>(at + c);
        store<u8>(to, i32x4.extract_lane(index, 0));
        if (rest > 1) store<u8>(to, i32x4.extract_lane(index, 1), 1);
        if (rest > 2) store<u8>(to, i32x4.extract_lane(index, 2), 2);
        if (rest > 3) store<u8>(to, i32x4.extract_lane(index, 3), 3);
      }
      at += channels;
    }
  }
}

/** dx gets dy at each window's maximum. */
export function maxPoolingBackward(
  scratch: usize, argmax: usize, dy: usize, dx: usize, accumulate: i32,
  h: i32, w: i32, channels: i32, ho: i32, wo: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32, chunk: i32,
): void {
  const image = dx + (<usize>chunk * <usize>(h * w * channels) << 2);
  if (!accumulate) zero(image, h * w * channels);
  let at = <usize>chunk * <usize>(ho * wo * channels);
  for (let i = 0; i < ho; i++) {
    for (let j = 0; j < wo; j++) {
      for (let c = 0; c < channels; c++) {
        const index = <i32>load<u8>(argmax + at);
        const row = i * sh - padTop + index / kw;
        const column = j * sw - padLeft + index % kw;
        const to = image + (<usize>((row * w + column) * channels + c) << 2);
        store<f32>(to, load<f32>(to) + load<f32>(dy + (at << 2)));
        at++;
      }
    }
  }
}

/** y = mean of each window's positions that lie inside the image. */
export function averagePoolingForward(
  scratch: usize, x: usize, y: usize,
  h: i32, w: i32, channels: i32, ho: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32, chunk: i32,
): void {
  const image = chunk * h * w * channels;
  let at = chunk * ho * wo * channels;
  for (let i = 0; i < ho; i++) {
    const top = i * sh - padTop;
    const r0 = max(0, top), r1 = min(h, top + kh);
    for (let j = 0; j < wo; j++) {
      const left = j * sw - padLeft;
      const s0 = max(0, left), s1 = min(w, left + kw);
      const share = f32x4.splat(<f32>1 / <f32>((r1 - r0) * (s1 - s0)));
      for (let c = 0; c < channels; c += 4) {
        let sum = f32x4.splat(0);
        for (let r = r0; r < r1; r++) {
          for (let s = s0; s < s1; s++) sum = f32x4.add(sum, load4(x, image + (r * w + s) * channels + c));
        }
        store4(y, at + c, f32x4.mul(sum, share), channels - c);
      }
      at += channels;
    }
  }
}

/** Each position of a window gets an equal share of its dy. */
export function averagePoolingBackward(
  scratch: usize, dy: usize, dx: usize, accumulate: i32,
  h: i32, w: i32, channels: i32, ho: i32, wo: i32, kh: i32, kw: i32, sh: i32, sw: i32, padTop: i32, padLeft: i32, chunk: i32,
): void {
  const image = chunk * h * w * channels;
  if (!accumulate) zero(dx + ((<usize>image) << 2), h * w * channels);
  let at = chunk * ho * wo * channels;
  for (let i = 0; i < ho; i++) {
    const top = i * sh - padTop;
    const r0 = max(0, top), r1 = min(h, top + kh);
    for (let j = 0; j < wo; j++) {
      const left = j * sw - padLeft;
      const s0 = max(0, left), s1 = min(w, left + kw);
      const share = f32x4.splat(<f32>1 / <f32>((r1 - r0) * (s1 - s0)));
      for (let c = 0; c < channels; c += 4) {
        const g = f32x4.mul(load4(dy, at + c), share);
        for (let r = r0; r < r1; r++) {
          for (let s = s0; s < s1; s++) put4(dx, image + (r * w + s) * channels + c, g, 1, channels - c);
        }
      }
      at += channels;
    }
  }
}

/** y[c] = mean over the image's positions */
export function globalAveragePoolingForward(
  scratch: usize, x: usize, y: usize, positions: i32, channels: i32, chunk: i32,
): void {
  const share = f32x4.splat(<f32>1 / <f32>positions);
  for (let c = 0; c < channels; c += 4) {
    let at = chunk * positions * channels + c;
    let sum = f32x4.splat(0);
    for (let p = 0; p < positions; p++) {
      sum = f32x4.add(sum, load4(x, at));
      at += channels;
    }
    store4(y, chunk * channels + c, f32x4.mul(sum, share), channels - c);
  }
}

export function globalAveragePoolingBackward(
  scratch: usize, dy: usize, dx: usize, accumulate: i32, positions: i32, channels: i32, chunk: i32,
): void {
  const share = f32x4.splat(<f32>1 / <f32>positions);
  let at = chunk * positions * channels;
  for (let p = 0; p < positions; p++) {
    for (let c = 0; c < channels; c += 4) {
      put4(dx, at + c, f32x4.mul(load4(dy, chunk * channels + c), share), accumulate, channels - c);
    }
    at += channels;
  }
}

/** y[c] = maximum over the image's positions; argmax (0: not wanted) = where, one i32 each. */
export function globalMaxPoolingForward(
  scratch: usize, x: usize, y: usize, argmax: usize, positions: i32, channels: i32, chunk: i32,
): void {
  for (let c = 0; c < channels; c += 4) {
    let at = chunk * positions * channels + c;
    let best = f32x4.splat(-Infinity);
    let index = i32x4.splat(0);
    for (let p = 0; p < positions; p++) {
      const v = load4(x, at);
      const wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
      best = v128.bitselect(v, best, wins);
      index = v128.bitselect(i32x4.splat(p), index, wins);
      at += channels;
    }
    store4(y, chunk * channels + c, best, channels - c);
    if (argmax) store4(argmax, chunk * channels + c, index, channels - c);
  }
}

export function globalMaxPoolingBackward(
  scratch: usize, argmax: usize, dy: usize, dx: usize, accumulate: i32, positions: i32, channels: i32, chunk: i32,
): void {
  const image = dx + (<usize>chunk * <usize>(positions * channels) << 2);
  if (!accumulate) zero(image, positions * channels);
  for (let c = 0; c < channels; c++) {
    const from = <usize>(chunk * channels + c) << 2;
    const to = image + (<usize>(load<i32>(argmax + from) * channels + c) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(dy + from));
  }
}
