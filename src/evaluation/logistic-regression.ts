/** The probability of label 1 for a row of features. */
export type LogisticModel = (features: readonly number[]) => number;

/** Enough for a handful of features: standardized, the loss is nearly round. */
const STEPS = 1000;
const RATE = 1;

/**
 * Logistic regression by gradient descent on the mean cross-entropy of standardized features: the plainest classifier there
 * is, for baselines.
 *
 * @param rows features, as many in each row; one that never varies has no weight
 * @param labels 1 or 0, one a row
 */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly number[]): LogisticModel {
  const standardize = standardizer(rows);
  const inputs = rows.map(standardize);
  const weights = (inputs[0] ?? [1]).map(() => 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map(() => 0);
    inputs.forEach((x, i) => {
      const error = labels[i] - sigmoid(dot(weights, x));
      for (let j = 0; j < x.length; j++) gradient[j] += error * x[j];
    });
    for (let j = 0; j < weights.length; j++) weights[j] += (RATE * gradient[j]) / inputs.length;
  }
  return (features) => sigmoid(dot(weights, standardize(features)));
}

/** Mean 0 and standard deviation 1, behind a leading 1 for the intercept. */
function standardizer(rows: readonly (readonly number[])[]) {
  const columns = rows[0]?.map((_, j) => rows.map((row) => row[j])) ?? [];
  const scales = columns.map((values) => {
    const mean = average(values);
    return { mean, deviation: Math.sqrt(average(values.map((value) => (value - mean) ** 2))) };
  });
  return (row: readonly number[]): number[] => [
    1,
    ...scales.map(({ mean, deviation }, j) => (deviation > 0 ? (row[j] - mean) / deviation : 0)),
  ];
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
