import type { Curve } from './curve.ts';

/**
 * Thresholds chosen on one part (validation) to be used on another. Candidates are the scores that occur, and 1: those
 * between two scores call the same cells. Null where the part has one class only or no threshold will do.
 */

/** Where sensitivity + specificity - 1 (Youden's J) is greatest; of several the highest. */
export function youdenThreshold({ positives, negatives, points }: Curve): number | null {
  if (positives === 0 || negatives === 0) return null;
  let best = 0;
  let threshold: number | null = null;
  for (const point of points) {
    // J times positives times negatives: integers, so that ties are seen as such.
    const j = point.truePositives * negatives - point.falsePositives * positives;
    if (threshold !== null && j <= best) continue;
    best = j;
    threshold = point.threshold;
  }
  return threshold;
}

/** The smallest threshold at which specificity is `target` or more. */
export function thresholdForSpecificity({ negatives, points }: Curve, target: number): number | null {
  if (negatives === 0) return null;
  const enough = points.findLast((point) => (negatives - point.falsePositives) / negatives >= target);
  if (enough !== undefined) return enough.threshold;
  return points[0].threshold < 1 ? 1 : null;
}

/** The greatest threshold at which sensitivity is `target` or more. */
export function thresholdForSensitivity({ positives, points }: Curve, target: number): number | null {
  if (positives === 0) return null;
  return points.find((point) => point.truePositives / positives >= target)?.threshold ?? null;
}
