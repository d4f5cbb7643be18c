/**
 * Sine and cosine of pi x by their series, for |x| <= 1, within 2e-16. JavaScript engines differ in the last bit of
 * Math.cos; + - * are the same everywhere, and learning rates and rotations must be.
 */
export function cosPi(x: number): number {
  const a = Math.abs(x);
  if (a > 0.5) return -cosPi(1 - a);
  return a > 0.25 ? sinSeries((0.5 - a) * Math.PI) : cosSeries(a * Math.PI);
}

export function sinPi(x: number): number {
  return x < 0 ? -cosPi(-x - 0.5) : cosPi(x - 0.5);
}

/** Taylor series up to x^16 / 16!, for x up to pi/4: the next term is below 3e-18. */
function cosSeries(x: number): number {
  const s = x * x;
  let sum = 1;
  for (let k = 16; k >= 2; k -= 2) sum = 1 - (s / (k * (k - 1))) * sum;
  return sum;
}

function sinSeries(x: number): number {
  const s = x * x;
  let sum = 1;
  for (let k = 17; k >= 3; k -= 2) sum = 1 - (s / (k * (k - 1))) * sum;
  return x * sum;
}
