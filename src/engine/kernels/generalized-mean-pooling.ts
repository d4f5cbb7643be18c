import { load4, put4, store4 } from './lanes';
import { exp, log } from './math';
import { madd } from './simd';

// Generalized mean with exponent 3, NHWC. A chunk is one image.

/** Keeps the root's slope finite where a channel is nowhere above zero. */
const FLOOR: f64 = 1e-6;

/** y[c] = (1e-6 + mean max(x, 0)^3)^(1/3) over the image's positions */
export function globalGeneralizedMeanPoolingForward(
  scratch: usize, x: usize, y: usize, positions: i32, channels: i32, chunk: i32,
): void {
  const zero = f32x4.splat(0);
  for (let c = 0; c < channels; c += 4) {
    let at = chunk * positions * channels + c;
    let sum = zero;
    for (let p = 0; p < positions; p++) {
      const v = f32x4.pmax(load4(x, at), zero);
      sum = madd(f32x4.mul(v, v), v, sum);
      at += channels;
    }
    let roots = f32x4.splat(root(f32x4.extract_lane(sum, 0), positions));
    roots = f32x4.replace_lane(roots, 1, root(f32x4.extract_lane(sum, 1), positions));
    roots = f32x4.replace_lane(roots, 2, root(f32x4.extract_lane(sum, 2), positions));
    roots = f32x4.replace_lane(roots, 3, root(f32x4.extract_lane(sum, 3), positions));
    store4(y, chunk * channels + c, roots, channels - c);
  }
}

function root(sum: f32, positions: i32): f32 {
  // `log` is of numbers: what is none must stay so, as in every other runtime.
  if (sum != sum) return sum;
  return <f32>exp(log(FLOOR + <f64>sum / <f64>positions) / 3);
}

/** dx = dy max(x, 0)^2 / (positions y^2) */
export function globalGeneralizedMeanPoolingBackward(
  scratch: usize, x: usize, y: usize, dy: usize, dx: usize, accumulate: i32, positions: i32, channels: i32, chunk: i32,
): void {
  const zero = f32x4.splat(0);
  const count = f32x4.splat(<f32>positions);
  for (let c = 0; c < channels; c += 4) {
    const mean = load4(y, chunk * channels + c);
    const share = f32x4.div(load4(dy, chunk * channels + c), f32x4.mul(count, f32x4.mul(mean, mean)));
    let at = chunk * positions * channels + c;
    for (let p = 0; p < positions; p++) {
      const v = f32x4.pmax(load4(x, at), zero);
      put4(dx, at, f32x4.mul(share, f32x4.mul(v, v)), accumulate, channels - c);
      at += channels;
    }
  }
}
