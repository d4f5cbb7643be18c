/**
 * How unlike the training cells an image is: the Mahalanobis distance of its features, what the last layer reads, to the nearer
 * of the two labels' means, with one covariance for both (Lee et al. 2018, arXiv 1807.03888). Scaled so that 1 lies a
 * quarter beyond the distance that one validation cell in five hundred exceeds.
 */
export interface OutlierDetector {
  /** Of all training cells, [features]. */
  readonly mean: Float32Array;
  /** [features, features], by rows: (features - mean) times it has the same spread in every direction. */
  readonly whitening: Float32Array;
  /** The labels' means, whitened, [features] each. */
  readonly uninfected: Float32Array;
  readonly parasitized: Float32Array;
}

/** The parts of a detector and their shapes, as they are stored. */
export function outlierShapes(features: number): Record<keyof OutlierDetector, readonly number[]> {
  return {
    mean: [features],
    whitening: [features, features],
    uninfected: [features],
    parasitized: [features],
  };
}

/**
 * One score an image, above 1 for what is unlike the training cells. Only + - * and square roots, so it is the same everywhere.
 * @param features [images, features]
 */
export function outlierScores(detector: OutlierDetector, features: Float32Array): Float32Array {
  const { mean, whitening, uninfected, parasitized } = detector;
  const size = mean.length;
  const whitened = new Float64Array(size);
  const scores = new Float32Array(features.length / size);
  for (let image = 0; image < scores.length; image++) {
    whitened.fill(0);
    for (let i = 0, w = 0; i < size; i++) {
      const value = features[image * size + i] - mean[i];
      for (let j = 0; j < size; j++) whitened[j] += value * whitening[w++];
    }
    const distances = [uninfected, parasitized].map((label) => squaredDistance(whitened, label));
    scores[image] = Math.sqrt(Math.min(...distances));
  }
  return scores;
}

function squaredDistance(a: Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}
