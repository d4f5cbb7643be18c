import { scoreCurve } from '../evaluation/curve.ts';
import { countsAt, rocAuc, thresholdMetrics } from '../evaluation/metrics.ts';
import type { LayerNode } from '../network/layers/definition.ts';
import type { Weights } from '../network/network.ts';
import type { PartFigures } from './history.ts';

/** Keeps the logarithm finite, as Keras does. */
const CLOSEST_TO_CERTAIN = 1e-7;

/**
 * The figures of one part, at threshold 0.5.
 * @param probabilities of parasitized
 * @param targets 1 parasitized, 0 uninfected
 * @param penalty added to the loss
 * @param log the engine's natural logarithm, which gives the same bits everywhere
 */
export function partFigures(
  probabilities: Float32Array,
  targets: Uint8Array,
  penalty: number,
  log: (x: number) => number,
): PartFigures {
  const curve = scoreCurve(probabilities, targets);
  const { accuracy, sensitivity, specificity } = thresholdMetrics(countsAt(curve, 0.5));
  return {
    loss: binaryCrossEntropy(probabilities, targets, log) + penalty,
    accuracy: accuracy ?? 0,
    rocAuc: rocAuc(curve),
    sensitivity,
    specificity,
  };
}

/** Mean of -log(p) of parasitized cells and -log(1 - p) of uninfected ones. */
function binaryCrossEntropy(
  probabilities: Float32Array,
  targets: Uint8Array,
  log: (x: number) => number,
): number {
  let sum = 0;
  for (const [i, probability] of probabilities.entries()) {
    const right = targets[i] === 1 ? probability : 1 - probability;
    sum -= log(Math.min(1 - CLOSEST_TO_CERTAIN, Math.max(CLOSEST_TO_CERTAIN, right)));
  }
  return sum / probabilities.length;
}

/** Sum over the parameters of their `l2` times the sum of their squares. */
export function l2Penalty(layers: readonly LayerNode[], weights: Weights): number {
  let sum = 0;
  for (const { name: layer, parameters } of layers) {
    for (const { name, l2 } of parameters) {
      if (l2 === 0) continue;
      const squares = weights.get(`${layer}/${name}`)?.data.reduce((total, w) => total + w * w, 0) ?? 0;
      sum += l2 * squares;
    }
  }
  return sum;
}
