import type { Tensor } from '../support/run-layers.ts';

/**
 * Gradient of `loss` by the values at `positions`, by central differences in float64: error about 1e-9 for values
 * about 1. `loss` gets the tensor with one value changed.
 */
export function finiteDifferences(
  tensor: Tensor,
  positions: readonly number[],
  loss: (changed: Tensor) => number,
): number[] {
  const step = 2 ** -16;
  const data = Array.from(tensor.data);
  return positions.map((i) => {
    const value = data[i];
    data[i] = value + step;
    const above = loss({ shape: tensor.shape, data });
    data[i] = value - step;
    const below = loss({ shape: tensor.shape, data });
    data[i] = value;
    return (above - below) / (2 * step);
  });
}
