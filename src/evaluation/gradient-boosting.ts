import { growTree, type Tree, treeValue } from './boosting-tree.ts';
import { binColumn } from './feature-bins.ts';

export interface BoostingOptions {
  readonly trees: number;
  /** Share of each tree's step that is taken. */
  readonly rate: number;
  readonly leaves: number;
  /** Fewest rows of a leaf. */
  readonly leastRows: number;
  /** Into which the values of a feature are sorted, at most 256. */
  readonly bins: number;
}

/** Those of scikit-learn's HistGradientBoostingClassifier. */
const DEFAULTS: BoostingOptions = { trees: 100, rate: 0.1, leaves: 31, leastRows: 20, bins: 255 };

/**
 * Gradient boosting of trees on histograms, for two labels (Friedman 2001, "Greedy function approximation: a gradient boosting
 * machine"; Ke et al. 2017, "LightGBM"): the classifier to ask how much a few features know, where the relation may have any
 * form. It gives scikit-learn's answers, but for the last digits.
 *
 * @param rows features, as many in each row, all finite
 * @param labels 1 or 0, one a row
 * @returns the probability of label 1 for a row of features
 */
export function fitBoosting(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  options: Partial<BoostingOptions> = {},
): (features: readonly number[]) => number {
  const { bins, trees: count, rate, ...treeOptions } = { ...DEFAULTS, ...options };
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  if (!(share > 0 && share < 1)) return () => share;
  const start = Math.log(share / (1 - share));
  const columns = rows[0].map((_, j) =>
    binColumn(
      rows.map((row) => row[j]),
      bins,
    ),
  );
  const scores = new Float64Array(rows.length).fill(start);
  const gradients = new Float32Array(rows.length);
  const hessians = new Float32Array(rows.length);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    // Of the cross-entropy by the score, the logarithm of the odds.
    for (let i = 0; i < scores.length; i++) {
      const probability = sigmoid(scores[i]);
      gradients[i] = probability - labels[i];
      hessians[i] = probability * (1 - probability);
    }
    const tree = growTree(columns, { gradients, hessians }, treeOptions, (own, value) => {
      for (const row of own) scores[row] += rate * value;
    });
    trees.push(tree);
  }
  return (features) => sigmoid(trees.reduce((sum, tree) => sum + rate * treeValue(tree, features), start));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
