import { type BootstrapOptions, resampleWeights } from './bootstrap.ts';
import { quantiles } from './quantiles.ts';
import type { Units } from './units.ts';

/** Where a curve lies in 95 of 100 resamples, at one x. */
export interface Band {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface CurveBands {
  /** Sensitivity at each false positive rate. */
  readonly roc: readonly Band[];
  /** PPV at each sensitivity. */
  readonly pr: readonly Band[];
}

/** Finer at both ends, where good curves turn. */
const GRID = Array.from({ length: 181 }, (_, i) => {
  if (i <= 50) return i / 500;
  return i < 130 ? (i - 40) / 100 : 0.9 + (i - 130) / 500;
});

/**
 * Pointwise 95 % bands of the ROC and the PR curve, from resamples of the units (Macskassy and Provost 2004, "vertical"
 * bands, over patients here). Empty where the cells are of one label.
 */
export function curveBands(units: Units, options: BootstrapOptions = {}): CurveBands {
  const roc: number[][] = GRID.map(() => []);
  const pr: number[][] = GRID.map(() => []);
  for (const weights of resampleWeights(units, options)) addCurves(units, weights, roc, pr);
  return { roc: bandsOf(roc), pr: bandsOf(pr) };
}

/** Reads both curves of one resample at the grid: sensitivity between two points of the ROC curve by interpolation, PPV at the first point that is sensitive enough. */
function addCurves(
  { unitOf, labels, lastOfScore }: Units,
  weights: Float64Array,
  roc: number[][],
  pr: number[][],
): void {
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < unitOf.length; i++) {
    if (labels[i] === 1) positives += weights[unitOf[i]];
    else negatives += weights[unitOf[i]];
  }
  if (positives === 0 || negatives === 0) return;
  let tp = 0;
  let fp = 0;
  let earlier = { x: 0, y: 0 };
  let nextRoc = 0;
  let nextPr = 0;
  for (let i = 0; i < unitOf.length; i++) {
    if (labels[i] === 1) tp += weights[unitOf[i]];
    else fp += weights[unitOf[i]];
    if (lastOfScore[i] === 0 || tp + fp === 0) continue;
    const point = { x: fp / negatives, y: tp / positives };
    for (; GRID[nextRoc] < point.x; nextRoc++) {
      const along = (GRID[nextRoc] - earlier.x) / (point.x - earlier.x);
      roc[nextRoc].push(earlier.y + along * (point.y - earlier.y));
    }
    for (; tp > 0 && GRID[nextPr] <= point.y; nextPr++) pr[nextPr].push(tp / (tp + fp));
    earlier = point;
  }
  for (; nextRoc < GRID.length; nextRoc++) roc[nextRoc].push(1);
}

function bandsOf(values: readonly number[][]): Band[] {
  return GRID.flatMap((x, i) => {
    if (values[i].length === 0) return [];
    const [low, high] = quantiles(values[i], [0.025, 0.975]);
    return [{ x, low, high }];
  });
}
