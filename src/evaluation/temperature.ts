/**
 * The temperature of temperature scaling (Guo et al. 2017, arXiv 1706.04599): divided by it, the logits fit the labels
 * best; above 1 the probabilities were too near to 0 and 1. By Newton's method on its reciprocal, the slope.
 * Null where no finite, positive slope fits best: a threshold of 0 separates the labels, or higher logits go with fewer
 * parasitized cells.
 *
 * @param labels 1 parasitized, 0 uninfected
 * @param exp the engine's gives the same bits everywhere
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  exp: (x: number) => number,
): number | null {
  // At slope 0 the likelihood must rise, and somewhere a logit must point the wrong way.
  let rise = 0;
  let wrong = false;
  for (let i = 0; i < logits.length; i++) {
    const towards = labels[i] === 1 ? logits[i] : -logits[i];
    rise += towards;
    wrong ||= towards < 0;
  }
  if (!(rise > 0 && wrong)) return null;
  let slope = 0;
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  for (let step = 0; step < 200; step++) {
    let [gradient, curvature] = [0, 0];
    for (let i = 0; i < logits.length; i++) {
      const p = 1 / (1 + exp(-slope * logits[i]));
      gradient += (labels[i] - p) * logits[i];
      curvature += p * (1 - p) * logits[i] * logits[i];
    }
    if (gradient === 0) break;
    // The gradient falls with the slope: its zero lies between `low` and `high`, which a step must not leave.
    if (gradient > 0) low = slope;
    else high = slope;
    const next = slope + gradient / curvature;
    const inside = next > low && next < high;
    const before = slope;
    slope = inside ? next : high === Number.POSITIVE_INFINITY ? 2 * slope + 1 : (low + high) / 2;
    if (Math.abs(slope - before) <= 1e-12 * slope) break;
  }
  return 1 / slope;
}
