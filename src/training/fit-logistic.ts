import type { EngineMath } from '../engine/engine.ts';
import { choleskyFactor, solveLower, solveUpper } from './cholesky.ts';

/** Half of this times each squared weight is added to the loss, the intercept's too, on the scale of standardized columns. */
const RIDGE = 1;
/** Newton's method needs about ten. */
const MOST_STEPS = 50;
/** Where the gradient is this small a share of what it was at first, the fit has been found. */
const FOUND = 1e-8;
/** A column that varies by a smaller share of its mean never does, in the float32 that weights are kept in. */
const CONSTANT = 1e-6;
/** A step that does not lessen the gradient is halved; so many lengths are tried. */
const HALVINGS = 10;

/** Rows of numbers, one after another. */
export interface Table {
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float64Array;
}

/**
 * Logistic regression with a ridge penalty (Newton's method). Columns are standardized for it, and the weights given back are
 * of the columns as they are.
 *
 * @param labels 1 or 0, one a row
 * @param isDead of a column's number and its deviation: it gets no weight. A column that never varies is always dead.
 * @param exp the engine's: what is fitted is the same everywhere
 * @param onStep awaited before each step, of which each may take seconds. What it throws ends the work.
 */
export async function fitLogistic(
  { columns, values }: Table,
  labels: ArrayLike<number>,
  { exp }: Pick<EngineMath, 'exp'>,
  {
    isDead = () => false,
    onStep = async () => {},
  }: {
    readonly isDead?: (column: number, deviations: Float64Array) => boolean;
    readonly onStep?: () => Promise<void>;
  } = {},
): Promise<{ readonly weights: Float64Array; readonly bias: number }> {
  const { mean, deviation: deviations } = momentsOf({ columns, values });
  const deviation = deviations.map((value, i) =>
    value === 0 || isDead(i, deviations) ? Number.POSITIVE_INFINITY : value,
  );
  const size = columns + 1;
  const rows = standardized({ columns, values }, mean, deviation);

  /** Derivatives of the loss: by each weight, and, of which the lower triangle is filled, by each two. */
  const derivatives = (weights: Float64Array, hessian?: Float64Array) => {
    const gradient = weights.map((weight) => RIDGE * weight);
    for (let row = 0; row < labels.length; row++) {
      const x = rows.subarray(row * size, (row + 1) * size);
      let logit = 0;
      for (let i = 0; i < size; i++) logit += weights[i] * x[i];
      const probability = 1 / (1 + exp(-logit));
      const error = probability - labels[row];
      for (let i = 0; i < size; i++) gradient[i] += error * x[i];
      if (hessian) addSquare(hessian, x, probability * (1 - probability));
    }
    return gradient;
  };

  let weights = new Float64Array(size);
  const first = lengthOf(derivatives(weights));
  for (let step = 0; step < MOST_STEPS; step++) {
    await onStep();
    const hessian = new Float64Array(size * size);
    for (let i = 0; i < size; i++) hessian[i * size + i] = RIDGE;
    const gradient = derivatives(weights, hessian);
    const length = lengthOf(gradient);
    if (length <= FOUND * first) break;
    const factor = choleskyFactor(hessian, size);
    const direction = solveUpper(factor, solveLower(factor, gradient));
    const moved = (share: number) => weights.map((weight, i) => weight - share * direction[i]);
    const shares = Array.from({ length: HALVINGS }, (_, i) => 0.5 ** i);
    const share = shares.find((share) => lengthOf(derivatives(moved(share))) < length);
    if (share === undefined) break;
    weights = moved(share);
  }

  const raw = Float64Array.from({ length: columns }, (_, i) => weights[i] / deviation[i]);
  const bias = raw.reduce((sum, weight, i) => sum - weight * mean[i], weights[columns]);
  return { weights: raw, bias };
}

/** Mean and standard deviation of each column; the deviation of one that never varies is 0. */
export function momentsOf({ columns, values }: Table) {
  const count = values.length / columns;
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    for (let at = i; at < values.length; at += columns) mean[i] += values[at] / count;
    for (let at = i; at < values.length; at += columns) deviation[i] += (values[at] - mean[i]) ** 2 / count;
    deviation[i] = Math.sqrt(deviation[i]);
    if (deviation[i] <= CONSTANT * Math.abs(mean[i])) deviation[i] = 0;
  }
  return { mean, deviation };
}

/** Columns with mean 0 and deviation 1, dead ones all 0, and a last column of ones. */
function standardized({ columns, values }: Table, mean: Float64Array, deviation: Float64Array): Float64Array {
  const size = columns + 1;
  const rows = new Float64Array((values.length / columns) * size).fill(1);
  for (let row = 0; row * size < rows.length; row++) {
    for (let i = 0; i < columns; i++) {
      rows[row * size + i] = (values[row * columns + i] - mean[i]) / deviation[i];
    }
  }
  return rows;
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
