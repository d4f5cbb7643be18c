// The losses again, in float64 and straight from their definitions. Gradients come from central differences.

/**
 * Mean over the samples of weight times binary cross-entropy, -t log(p) - (1 - t) log(1 - p) with p = sigmoid(logit) and
 * the target smoothed to t = (1 - s) target + s / 2. Of logits up to about 30: beyond, its exponentials lose digits.
 */
export function crossEntropy(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  sampleWeights: ArrayLike<number>,
  labelSmoothing = 0,
): number {
  const losses = Array.from(logits, (logit, i) => {
    const t = (1 - labelSmoothing) * targets[i] + labelSmoothing / 2;
    return sampleWeights[i] * (t * Math.log1p(Math.exp(-logit)) + (1 - t) * Math.log1p(Math.exp(logit)));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** The L2 penalty of one kernel: strength times the sum of its squares. */
export function l2Penalty(kernel: ArrayLike<number>, strength: number): number {
  return Array.from(kernel, (value) => strength * value ** 2).reduce((sum, square) => sum + square, 0);
}
