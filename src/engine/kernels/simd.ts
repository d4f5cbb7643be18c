/** a * b + c: one rounding where relaxed SIMD is asked for (FMA), two otherwise, the same on every processor. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Writes the first `count` (1 to 3) lanes, so that nothing behind the end of an array is touched. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, value: v128, count: i32): void {
  v128.store_lane<f32>(address, value, 0);
  if (count > 1) v128.store_lane<f32>(address, value, 1, 4);
  if (count > 2) v128.store_lane<f32>(address, value, 2, 8);
}

/** Sets `count` floats to zero. */
export function zero(address: usize, count: i32): void {
  memory.fill(address, 0, (<usize>count) << 2);
}

/** Adds the chunks' partial sums in order: out[i] = partials[0][i] + partials[1][i] + ... A chunk is 1,024 elements. */
export function sumPartials(scratch: usize, partials: usize, out: usize, length: i32, count: i32, chunk: i32): void {
  let i = chunk << 10;
  const end = min(length, i + 1024);
  const step = (<usize>length) << 2;
  for (; i + 4 <= end; i += 4) {
    let p = partials + ((<usize>i) << 2);
    let sum = v128.load(p);
    for (let c = 1; c < count; c++) {
      p += step;
      sum = f32x4.add(sum, v128.load(p));
    }
    v128.store(out + ((<usize>i) << 2), sum);
  }
  for (; i < end; i++) {
    let p = partials + ((<usize>i) << 2);
    let sum = load<f32>(p);
    for (let c = 1; c < count; c++) {
      p += step;
      sum += load<f32>(p);
    }
    store<f32>(out + ((<usize>i) << 2), sum);
  }
}
