import type { Optimiser } from '../../src/network/optimiser.ts';

// The optimisers again, in float64. Velocity and moments are not carried from step to step but summed anew over all
// gradients so far, as their definitions have them: nothing of src is copied.

/** One step: the weights after it. Steps are counted by the calls. */
export type OptimiserReference = (
  weights: readonly number[],
  gradient: readonly number[],
  learningRate: number,
) => number[];

/** @param decays whether the weight at this index has weight decay */
export function optimiserReference(
  optimiser: Optimiser,
  decays: (index: number) => boolean,
): OptimiserReference {
  const { type, weightDecay = 0 } = optimiser;
  // Keras shrinks the weight for adam as AdamW does; PyTorch adds decay times the weight to the gradient.
  const coupled = type === 'sgd' || (type === 'adam' && optimiser.convention === 'pytorch');
  const history: number[][] = [];
  return (weights, gradient, learningRate) => {
    const decayOf = (i: number) => (decays(i) ? weightDecay : 0);
    history.push(gradient.map((value, i) => value + (coupled ? decayOf(i) * weights[i] : 0)));
    return weights.map((weight, i) => {
      const gradients = history.map((values) => values[i]);
      const shrunk = coupled ? weight : weight - learningRate * decayOf(i) * weight;
      return shrunk - learningRate * direction(optimiser, gradients);
    });
  };
}

/** Where a weight goes, against this, from all its gradients so far, the newest last. */
function direction(optimiser: Optimiser, gradients: readonly number[]): number {
  if (optimiser.type === 'sgd') {
    const { momentum = 0, nesterov = false } = optimiser;
    const velocity = fadingSum(gradients, momentum);
    return nesterov ? gradients[gradients.length - 1] + momentum * velocity : velocity;
  }
  const { beta1 = 0.9, beta2 = 0.999 } = optimiser;
  const [bias1, bias2] = [1 - beta1 ** gradients.length, 1 - beta2 ** gradients.length];
  const first = (1 - beta1) * fadingSum(gradients, beta1);
  const second =
    (1 - beta2) *
    fadingSum(
      gradients.map((value) => value ** 2),
      beta2,
    );
  if (optimiser.type === 'adam' && optimiser.convention !== 'pytorch') {
    const { epsilon = 1e-7 } = optimiser;
    return ((Math.sqrt(bias2) / bias1) * first) / (Math.sqrt(second) + epsilon);
  }
  const { epsilon = 1e-8 } = optimiser;
  return first / bias1 / (Math.sqrt(second / bias2) + epsilon);
}

/** The newest value whole, the one before it times `share`, the next times `share` squared, and so on. */
function fadingSum(values: readonly number[], share: number): number {
  return values.reduce((sum, value, i) => sum + share ** (values.length - 1 - i) * value, 0);
}

/** The gradient, no longer than `limit`. */
export function clipped(gradient: readonly number[], limit: number): number[] {
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0));
  return gradient.map((value) => (norm > limit ? (value / norm) * limit : value));
}

/** The moving average after each of these weights: whole after the first, then with a decay that grows up to `decay`. */
export function movingAverages(steps: readonly (readonly number[])[], decay: number): number[][] {
  const averages: number[][] = [];
  for (const [t, weights] of steps.entries()) {
    const before = averages[t - 1] ?? weights;
    const keep = Math.min(decay, t / (t + 10));
    averages.push(weights.map((weight, i) => keep * before[i] + (1 - keep) * weight));
  }
  return averages;
}
