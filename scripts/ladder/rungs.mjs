import { HANDCRAFTED_NAMES, handcraftedFeatures } from '../../dist/cells/handcrafted-features.js';
import { meanColour, size } from '../../dist/cells/simple-features.js';
import { fitBoosting } from '../../dist/evaluation/gradient-boosting.js';
import { logisticModel } from '../../dist/training/baselines.js';

const DARK = ['share of g < 0.75', 'largest connected area of g < 0.82'].map((name) =>
  HANDCRAFTED_NAMES.indexOf(name),
);

/** A boosted tree has at most 30 splits (feature and threshold) and 31 leaves; there are 100. It compares and adds. */
const boosting = {
  fitTo: (rows, labels) => fitBoosting(rows, labels),
  parameters: () => 100 * (2 * 30 + 31),
  multiplyAdds: () => 0,
};
/** A weight for each feature, and one for none. */
const logistic = {
  fitTo: logisticModel,
  parameters: (features) => features + 1,
  multiplyAdds: (features) => features,
};
/** The label that most of the training cells have. */
const majority = {
  fitTo: (_rows, labels) => {
    const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    return () => (share >= 0.5 ? 1 : 0);
  },
  parameters: () => 1,
  multiplyAdds: () => 0,
};

const darkOf = (handcrafted) => DARK.map((i) => handcrafted[i]);
const sixteen = { measure: handcraftedFeatures, features: ({ handcrafted }) => handcrafted };

/**
 * Classifiers without a network, from knowing nothing to knowing what a parasite looks like. `features` picks those of a rung
 * out of all; `measure` is what they cost: the dark spots come with all sixteen.
 */
export const RUNGS = [
  { name: 'majority', measure: () => [], features: () => [], ...majority },
  { name: 'size only', measure: size, features: ({ size }) => size, ...boosting },
  { name: 'mean colour only', measure: meanColour, features: ({ meanColour }) => meanColour, ...boosting },
  {
    name: 'two dark-spot features',
    measure: (image) => darkOf(handcraftedFeatures(image)),
    features: ({ handcrafted }) => darkOf(handcrafted),
    ...boosting,
  },
  { name: 'sixteen features, logistic', ...sixteen, ...logistic },
  { name: 'sixteen features, boosting', ...sixteen, ...boosting },
];

/** The processor's milliseconds a cell to measure and predict, decoding left out. The images are gone through twice; the second time counts. */
export function millisecondsOf({ measure }, predict, images) {
  const spent = [0, 1].map(() => {
    const before = process.cpuUsage();
    for (const image of images) predict(measure(image));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return spent[1] / images.length;
}

/** Each cell predicted by a classifier fitted to the other folds; the last of these classifiers. */
export async function outOfFold({ features, fitTo }, rows, labels, foldOf) {
  const inputs = rows.map(features);
  const probabilities = new Array(rows.length);
  let predict;
  for (const fold of new Set(foldOf)) {
    const train = [...foldOf.keys()].filter((i) => foldOf[i] !== fold);
    predict = await fitTo(
      train.map((i) => inputs[i]),
      train.map((i) => labels[i]),
    );
    for (const [i, own] of foldOf.entries()) if (own === fold) probabilities[i] = predict(inputs[i]);
  }
  return { probabilities, predict };
}
