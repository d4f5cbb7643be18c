import type { EngineMath } from '../engine/engine.ts';
import type { PlateletDetector } from '../model/platelet.ts';
import { choleskyFactor, solveLower, solveUpper } from './cholesky.ts';

/** Half of this times each squared weight is added to the loss, the intercept's too, on the scale of standardized features. */
const RIDGE = 1;
/** Newton's method needs about ten. */
const MOST_STEPS = 50;
/** Where the gradient is this small a share of what it was at first, the fit has been found. */
const FOUND = 1e-8;
/** A step that does not lessen the gradient is halved; so many lengths are tried. */
const HALVINGS = 10;
/** A feature that varies by a smaller share of what they vary by on average is as good as dead, and must not decide alone. */
const DEAD = 1e-3;

/**
 * Tells uninfected cells under a drawn platelet from cells as they are, by logistic regression (Newton's method, ridge penalty)
 * on the features and their squares.
 *
 * @param platelets features of uninfected cells under a platelet, [cells, features]
 * @param cells features of cells of both labels as they are, [cells, features]
 * @param math the engine's: what is fitted is the same everywhere
 * @param onStep awaited before each step, of which each may take seconds. What it throws ends the work.
 */
export async function fitPlatelet(
  platelets: Float32Array,
  cells: Float32Array,
  features: number,
  { exp }: Pick<EngineMath, 'exp'>,
  onStep: () => Promise<void> = async () => {},
): Promise<PlateletDetector> {
  const { columns, rows, mean, deviation } = standardized([platelets, cells], features);
  const isPlatelet = (row: number) => (row < platelets.length / features ? 1 : 0);
  const count = rows.length / columns;

  /** Derivatives of the loss: by each weight, and, of which the lower triangle is filled, by each two. */
  const derivatives = (weights: Float64Array, hessian?: Float64Array) => {
    const gradient = weights.map((weight) => RIDGE * weight);
    for (let row = 0; row < count; row++) {
      const x = rows.subarray(row * columns, (row + 1) * columns);
      let logit = 0;
      for (let i = 0; i < columns; i++) logit += weights[i] * x[i];
      const probability = 1 / (1 + exp(-logit));
      const error = probability - isPlatelet(row);
      for (let i = 0; i < columns; i++) gradient[i] += error * x[i];
      if (hessian) addSquare(hessian, x, probability * (1 - probability));
    }
    return gradient;
  };

  let weights = new Float64Array(columns);
  const first = lengthOf(derivatives(weights));
  for (let step = 0; step < MOST_STEPS; step++) {
    await onStep();
    const hessian = new Float64Array(columns * columns);
    for (let i = 0; i < columns; i++) hessian[i * columns + i] = RIDGE;
    const gradient = derivatives(weights, hessian);
    const length = lengthOf(gradient);
    if (length <= FOUND * first) break;
    const factor = choleskyFactor(hessian, columns);
    const direction = solveUpper(factor, solveLower(factor, gradient));
    const moved = (share: number) => weights.map((weight, i) => weight - share * direction[i]);
    const shares = Array.from({ length: HALVINGS }, (_, i) => 0.5 ** i);
    const share = shares.find((share) => lengthOf(derivatives(moved(share))) < length);
    if (share === undefined) break;
    weights = moved(share);
  }

  const raw = Float64Array.from({ length: columns - 1 }, (_, i) => weights[i] / deviation[i]);
  const bias = raw.reduce((sum, weight, i) => sum - weight * mean[i], weights[columns - 1]);
  return {
    linear: Float32Array.from(raw.subarray(0, features)),
    square: Float32Array.from(raw.subarray(features)),
    bias: Float32Array.of(bias),
  };
}

/** The detector whose scores are those of this one, less `least`. */
export function shiftedPlatelet(detector: PlateletDetector, least: number): PlateletDetector {
  return { ...detector, bias: Float32Array.of(detector.bias[0] - least) };
}

/** Features and their squares with mean 0 and deviation 1, those of dead features all 0, and a last column of ones. */
function standardized(sets: readonly Float32Array[], features: number) {
  const columns = 2 * features + 1;
  const count = sets.reduce((sum, { length }) => sum + length / features, 0);
  const rows = new Float64Array(count * columns);
  let row = 0;
  for (const set of sets) {
    for (let at = 0; at < set.length; at += features, row++) {
      for (let i = 0; i < features; i++) {
        const value = set[at + i];
        rows[row * columns + i] = value;
        rows[row * columns + features + i] = value * value;
      }
      rows[row * columns + columns - 1] = 1;
    }
  }
  const mean = new Float64Array(columns - 1);
  const deviation = new Float64Array(columns - 1);
  for (let i = 0; i < columns - 1; i++) {
    for (let at = i; at < rows.length; at += columns) mean[i] += rows[at] / count;
    for (let at = i; at < rows.length; at += columns) deviation[i] += (rows[at] - mean[i]) ** 2 / count;
    deviation[i] = Math.sqrt(deviation[i]);
  }
  const usual = deviation.subarray(0, features).reduce((sum, value) => sum + value / features, 0);
  for (let i = 0; i < features; i++) {
    if (deviation[i] > DEAD * usual) continue;
    deviation[i] = Number.POSITIVE_INFINITY;
    deviation[features + i] = Number.POSITIVE_INFINITY;
  }
  for (let at = 0; at < rows.length; at++) {
    const i = at % columns;
    if (i < columns - 1) rows[at] = (rows[at] - mean[i]) / deviation[i];
  }
  return { columns, rows, mean, deviation };
}

/** Adds `weight` times the products of each two of x to the lower triangle. */
function addSquare(matrix: Float64Array, x: Float64Array, weight: number): void {
  for (let i = 0; i < x.length; i++) {
    const at = i * x.length;
    const scaled = weight * x[i];
    for (let j = 0; j <= i; j++) matrix[at + j] += scaled * x[j];
  }
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
