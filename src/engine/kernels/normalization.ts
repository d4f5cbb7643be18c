import { siluSlope4, sigmoid4 } from './elementwise';
import { load4 } from './lanes';
import { madd } from './simd';

// Batch normalisation (Ioffe and Szegedy 2015, arXiv 1502.03167) over rows x channels, rows = images x positions, with
// the activation behind it. A chunk is `rowsPerChunk` rows, meant to stay in the second-level cache; its sums are
// float32, those across chunks float64, added in the chunks' order.
//
//   y = activation(u), u = (z - mean) scale + beta, scale = gamma / sqrt(variance + epsilon)
//   g = dy activation'(u);  dbeta = sum g;  dgamma = sum g (z - mean) / deviation
//   dz = scale (g - sum g / n - (z - mean) / deviation^2 sum g (z - mean) / n)
//
// coefficients [4][channels]: mean, scale, beta, 1 / deviation. Backward recomputes u from z, so that y need not be kept.

export const NONE: i32 = 0;
export const RELU: i32 = 1;
export const SILU: i32 = 2;

// @ts-ignore: decorator
@inline
export function activate4(u: v128, activation: i32): v128 {
  if (activation == RELU) return f32x4.pmax(u, f32x4.splat(0));
  if (activation == SILU) return f32x4.mul(u, sigmoid4(u));
  return u;
}

/** dy times the slope of the activation at u. */
// @ts-ignore: decorator
@inline
export function throughActivation4(dy: v128, u: v128, activation: i32): v128 {
  if (activation == RELU) return v128.and(dy, f32x4.gt(u, f32x4.splat(0)));
  if (activation == SILU) return f32x4.mul(dy, siluSlope4(u));
  return dy;
}

/** u for four channels. */
// @ts-ignore: decorator
@inline
export function normalize4(z: v128, coefficients: usize, c: i32, channels: i32): v128 {
  return madd(
    f32x4.sub(z, load4(coefficients, c)),
    load4(coefficients, channels + c),
    load4(coefficients, 2 * channels + c),
  );
}
