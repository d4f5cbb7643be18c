import type { OutlierDetector } from '../model/outlier.ts';
import { choleskyFactor, solveLower } from './cholesky.ts';

/** Share of the mean variance that goes into every feature's own: one that hardly varies must not decide alone. */
const SHRINKAGE = 0.05;

/**
 * The detector of some features, unscaled: means of both labels and the covariance that they share.
 *
 * @param features [cells, features]
 * @param targets 1 parasitized, 0 uninfected, one a cell; both labels
 * @returns undefined where no feature varies
 */
export function fitOutlier(features: Float32Array, targets: ArrayLike<number>): OutlierDetector | undefined {
  const cells = targets.length;
  const size = features.length / cells;
  const counts = [0, 0];
  const means = [new Float64Array(size), new Float64Array(size)];
  for (let cell = 0; cell < cells; cell++) {
    const label = targets[cell];
    counts[label]++;
    for (let i = 0; i < size; i++) means[label][i] += features[cell * size + i];
  }
  const mean = Float32Array.from({ length: size }, (_, i) => (means[0][i] + means[1][i]) / cells);
  for (const label of [0, 1]) for (let i = 0; i < size; i++) means[label][i] /= counts[label];

  const covariance = sharedCovariance(features, targets, means);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += covariance[i * size + i];
  if (!(trace > 0)) return undefined;
  for (let i = 0; i < size * size; i++) covariance[i] *= 1 - SHRINKAGE;
  for (let i = 0; i < size; i++) covariance[i * size + i] += (SHRINKAGE * trace) / size;

  const whitening = whiteningOf(covariance, size);
  const whitened = (of: Float64Array) =>
    Float32Array.from({ length: size }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (of[i] - mean[i]) * whitening[i * size + j];
      return sum;
    });
  return {
    mean,
    whitening: Float32Array.from(whitening),
    uninfected: whitened(means[0]),
    parasitized: whitened(means[1]),
  };
}

/** The detector whose scores are those of this one, divided by `scale`. */
export function scaledOutlier(detector: OutlierDetector, scale: number): OutlierDetector {
  const divided = (values: Float32Array) => values.map((value) => value / scale);
  return {
    mean: detector.mean,
    whitening: divided(detector.whitening),
    uninfected: divided(detector.uninfected),
    parasitized: divided(detector.parasitized),
  };
}

/** About each cell's own label's mean, [size, size]. */
function sharedCovariance(
  features: Float32Array,
  targets: ArrayLike<number>,
  means: readonly Float64Array[],
): Float64Array {
  const size = means[0].length;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let cell = 0; cell < targets.length; cell++) {
    const mean = means[targets[cell]];
    for (let i = 0; i < size; i++) centred[i] = features[cell * size + i] - mean[i];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) covariance[i * size + j] += centred[i] * centred[j];
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * size + j] /= targets.length;
      covariance[j * size + i] = covariance[i * size + j];
    }
  }
  return covariance;
}

/** The transposed inverse of the covariance's Cholesky factor: what is multiplied by it has covariance 1. */
function whiteningOf(covariance: Float64Array, size: number): Float64Array {
  const factor = choleskyFactor(covariance, size);
  // Column by column of the factor's inverse; written by rows, it is the transposed one.
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    inverse.set(solveLower(factor, unit), column * size);
  }
  return inverse;
}
