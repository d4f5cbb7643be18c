import { EvaluationError } from './errors.ts';

/** Cells called parasitized at a threshold: `truePositives` of those that are, `falsePositives` of those that are not. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Both the ROC and the precision-recall curve, as counts. */
export interface Curve {
  readonly positives: number;
  readonly negatives: number;
  /** One point for each distinct score, from the highest down; cells of the same score come in together. */
  readonly points: readonly CurvePoint[];
}

/**
 * @param probabilities of parasitized, from 0 to 1
 * @param labels 1 parasitized, 0 uninfected
 * @throws EvaluationError `wrong-scores` for lengths that differ, a score that is no probability, another label
 */
export function scoreCurve(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Curve {
  checkScores(probabilities, labels);
  const order = Array.from({ length: labels.length }, (_, i) => i);
  order.sort((a, b) => probabilities[b] - probabilities[a]);
  const points: CurvePoint[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  order.forEach((i, rank) => {
    if (labels[i] === 1) truePositives++;
    else falsePositives++;
    const threshold = probabilities[i];
    const last = rank === order.length - 1 || probabilities[order[rank + 1]] !== threshold;
    if (last) points.push({ threshold, truePositives, falsePositives });
  });
  return { positives: truePositives, negatives: falsePositives, points };
}

/** @throws EvaluationError `wrong-scores` */
export function checkScores(probabilities: ArrayLike<number>, labels: ArrayLike<number>): void {
  if (probabilities.length !== labels.length) {
    throw new EvaluationError(
      'wrong-scores',
      `there are ${probabilities.length} probabilities and ${labels.length} labels: there must be one label for each`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i];
    if (!(p >= 0 && p <= 1)) {
      throw new EvaluationError(
        'wrong-scores',
        `score ${i + 1} is ${p}: a probability is a number from 0 to 1`,
      );
    }
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new EvaluationError(
        'wrong-scores',
        `label ${i + 1} is ${labels[i]}: expected 1 (parasitized) or 0 (uninfected)`,
      );
    }
  }
}
