import type { Network, Weights } from '../network/network.ts';
import type { Predictor } from '../network/predictor.ts';

/**
 * Tells platelets on cells from parasites, which they may be taken for: a network of its own that reads the same pixels as the
 * classifying one. Its logit, above 0, says that what is called parasitized may be a platelet; of other images it says nothing.
 */
export interface PlateletDetector {
  readonly network: Network;
  readonly weights: Weights;
}

/** The score of an image that is not asked about, as it is not called parasitized. */
export const NOT_ASKED = Number.NEGATIVE_INFINITY;

/**
 * One score an image; `NOT_ASKED` for those with a probability below the threshold.
 *
 * @param detector runs a detector's network
 * @param pixels [images, height, width, 3]
 * @param probabilities of parasitized, one an image
 */
export async function plateletScores(
  detector: Predictor,
  pixels: Float32Array,
  probabilities: Float32Array,
  threshold: number,
): Promise<Float32Array> {
  const scores = new Float32Array(probabilities.length).fill(NOT_ASKED);
  const called = Array.from(probabilities.keys()).filter((i) => probabilities[i] >= threshold);
  if (called.length === 0) return scores;
  const size = pixels.length / probabilities.length;
  const images = detector.images(called.length);
  for (const [place, i] of called.entries()) {
    images.set(pixels.subarray(i * size, (i + 1) * size), place * size);
  }
  const logits = await detector.logits(called.length);
  for (const [place, i] of called.entries()) scores[i] = logits[place];
  return scores;
}
