import { HANDCRAFTED_NAMES } from '../../dist/cells/handcrafted-features.js';
import { fitBoosting } from '../../dist/evaluation/gradient-boosting.js';
import { fitLogistic } from '../../dist/evaluation/logistic-regression.js';

const DARK = ['share of g < 0.75', 'largest connected area of g < 0.82'].map((name) =>
  HANDCRAFTED_NAMES.indexOf(name),
);

/** A boosted tree has at most 30 splits (feature and threshold) and 31 leaves; there are 100. */
const boosting = {
  fitTo: (rows, labels) => fitBoosting(rows, labels),
  parameters: () => 100 * (2 * 30 + 31),
};
/** A weight for each feature, and one for none. */
const logistic = { fitTo: fitLogistic, parameters: (features) => features + 1 };
/** The label that most of the training cells have. */
const majority = {
  fitTo: (_rows, labels) => {
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    return () => (share >= 0.5 ? 1 : 0);
  },
  parameters: () => 1,
};

/** Classifiers without a network, from knowing nothing to knowing what a parasite looks like. */
export const RUNGS = [
  { name: 'majority', features: () => [], ...majority },
  { name: 'size only', features: ({ size }) => size, ...boosting },
  { name: 'mean colour only', features: ({ meanColour }) => meanColour, ...boosting },
  {
    name: 'two dark-spot features',
    features: ({ handcrafted }) => DARK.map((i) => handcrafted[i]),
    ...boosting,
  },
  { name: 'sixteen features, logistic', features: ({ handcrafted }) => handcrafted, ...logistic },
  { name: 'sixteen features, boosting', features: ({ handcrafted }) => handcrafted, ...boosting },
];

/** Each cell predicted by a classifier fitted to the other folds. */
export function outOfFold({ features, fitTo }, rows, labels, foldOf) {
  const inputs = rows.map(features);
  const probabilities = new Array(rows.length);
  for (const fold of new Set(foldOf)) {
    const train = [...foldOf.keys()].filter((i) => foldOf[i] !== fold);
    const predict = fitTo(
      train.map((i) => inputs[i]),
      train.map((i) => labels[i]),
    );
    for (const [i, own] of foldOf.entries()) if (own === fold) probabilities[i] = predict(inputs[i]);
  }
  return probabilities;
}
