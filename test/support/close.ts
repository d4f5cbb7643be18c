import type { Tensor } from './run-layers.ts';

/**
 * The largest difference between two tensors, as a share of the largest value of `expected` (at least 1): float32 sums
 * lose digits against their terms, not against themselves.
 */
export function difference(actual: Tensor, expected: Tensor): number {
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`shapes differ: [${actual.shape.join()}] and [${expected.shape.join()}]`);
  }
  let scale = 1;
  let most = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const error = Math.abs(actual.data[i] - expected.data[i]);
    scale = Math.max(scale, Math.abs(expected.data[i]));
    // Not a maximum: NaN must count as different.
    if (!(error <= most)) most = error;
  }
  return most / scale;
}
