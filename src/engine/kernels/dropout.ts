import { load4, put4 } from './lanes';

/**
 * y = x / (1 - rate) where the element is kept, else 0; the gradient is the same with dy for x. Which are kept comes
 * from a hash of `key` (seed and layer), the step and the element, so there is no mask to store. `step`: address of
 * one f64. The hash's two rounds are "lowbias32" (Wellons 2018).
 */
export function dropout(
  scratch: usize, x: usize, y: usize, accumulate: i32, key: i32, step: usize, rate: f32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const salt = i32x4.splat(mix(<u32>key ^ mix(<u32>load<f64>(step) + 0x9e3779b9)));
  const limit = f32x4.splat(rate);
  const gain = f32x4.splat(<f32>1 / (1 - rate));
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = chunk * perChunk; i < end; i += 4) {
    const uniform = f32x4.mul(
      f32x4.convert_i32x4_u(i32x4.shr_u(mix4(i32x4.add(salt, i32x4.add(i32x4.splat(i), lanes))), 8)),
      f32x4.splat(<f32>(1.0 / 16777216)),
    );
    put4(y, i, v128.and(f32x4.mul(load4(x, i), gain), f32x4.ge(uniform, limit)), accumulate, end - i);
  }
}

function mix(x: u32): u32 {
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

// @ts-ignore: decorator
@inline
function mix4(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}
