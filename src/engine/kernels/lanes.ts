import { storeLanes } from './simd';

/** Four floats from the `i`-th of an array. */
// @ts-ignore: decorator
@inline
export function load4(base: usize, i: i32): v128 {
  return v128.load(base + ((<usize>i) << 2));
}

/** Writes floats from the `i`-th of an array on: four, or the `rest` that are left of it. */
// @ts-ignore: decorator
@inline
export function store4(base: usize, i: i32, value: v128, rest: i32): void {
  const address = base + ((<usize>i) << 2);
  if (rest >= 4) v128.store(address, value);
  else storeLanes(address, value, rest);
}

/** As `store4`; adds to what is there where `accumulate`. */
// @ts-ignore: decorator
@inline
export function put4(base: usize, i: i32, value: v128, accumulate: i32, rest: i32): void {
  if (accumulate) store4(base, i, f32x4.add(load4(base, i), value), rest);
  else store4(base, i, value, rest);
}

/** The sum of the four lanes in double precision. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f64 {
  return <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) + <f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3);
}
