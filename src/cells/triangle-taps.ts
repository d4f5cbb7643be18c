/**
 * Interpolation along one axis: output i is the sum over k < count[i] of weights[i * most + k] * source[first[i] + k]. Its other
 * weights, up to k = most - 1 (most is at least 5), are 0.
 */
export interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * Antialiased bilinear interpolation of `from` source pixels to `to` output pixels about their common centre.
 *
 * Output i samples source coordinate c = (i + 1/2 - to / 2) / scale + from / 2 with a triangle of half-width
 * r = max(1, 1 / scale): source pixel j weighs max(0, 1 - |c - (j + 1/2)| / r) over the sum of the same for all
 * integers j, so what lies beyond the image counts as black. Every step is rounded to float32, as the ONNX graph does.
 */
export function triangleTaps(from: number, to: number, scale: number): Taps {
  const f = Math.fround;
  const radius = Math.max(1, f(1 / scale));
  const reach = Math.ceil(radius) + 1;
  const most = 2 * reach + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float32Array(to * most);
  for (let i = 0; i < to; i++) {
    const centre = f(f((i + 0.5 - to / 2) / scale) + from / 2);
    const nearest = Math.floor(centre);
    let sum = 0;
    for (let j = nearest - reach; j <= nearest + reach; j++) {
      const weight = f(1 - f(Math.abs(f(centre - (j + 0.5))) / radius));
      if (weight <= 0) continue;
      sum = f(sum + weight);
      if (j < 0 || j >= from) continue;
      if (count[i] === 0) first[i] = j;
      weights[i * most + count[i]++] = weight;
    }
    for (let k = 0; k < count[i]; k++) weights[i * most + k] /= sum;
  }
  return { first, count, weights, most };
}
