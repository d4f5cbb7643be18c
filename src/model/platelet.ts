/**
 * How much an image looks, to the network, like an uninfected cell under a platelet, which it may take for a parasite: the
 * log-odds that logistic regression gives of its features, what the last layer reads, and their squares, less those that a
 * cell must exceed to be doubted.
 */
export interface PlateletDetector {
  /** Weights of the features, [features]. */
  readonly linear: Float32Array;
  /** Weights of their squares, [features]: the two kinds of cells differ in spread, too. */
  readonly square: Float32Array;
  /** [1] */
  readonly bias: Float32Array;
}

/** The parts of a detector and their shapes, as they are stored. */
export function plateletShapes(features: number): Record<keyof PlateletDetector, readonly number[]> {
  return { linear: [features], square: [features], bias: [1] };
}

/**
 * One score an image, above 0 for what may be a platelet if the network calls it parasitized; of other images it says nothing.
 * Only + and *, so it is the same everywhere.
 * @param features [images, features]
 */
export function plateletScores(
  { linear, square, bias }: PlateletDetector,
  features: Float32Array,
): Float32Array {
  const size = linear.length;
  return Float32Array.from({ length: features.length / size }, (_, image) => {
    let score = bias[0];
    for (let i = 0; i < size; i++) {
      const value = features[image * size + i];
      score += value * (linear[i] + value * square[i]);
    }
    return score;
  });
}
