// Which labels to train on: how loud two models are on healthy blood where they find the same share of the parasitized cells.
import { parseArgs } from 'node:util';
import { readPredictions } from '../dist/cli/predictions-file.js';
import { readReview, underReview } from '../dist/dataset/label-sets.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { compare } from '../dist/evaluation/compare.js';
import { scoreCurve } from '../dist/evaluation/curve.js';
import { healthyPatients, labelNumber } from '../dist/evaluation/prediction.js';
import { thresholdForSensitivity } from '../dist/evaluation/thresholds.js';

const usage = `npm run build && node scripts/training-labels.mjs --review cells.csv [options] A.csv B.csv

  A.csv, B.csv     predictions of the same cells, out of fold, of models trained on different labels
  --review FILE    the second opinion: name,label,review
  --folds LIST     only the cells of these folds (0,1,2,3: all choosing is done there)
  --out FILE       JSON; stdout without it`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    review: { type: 'string' },
    folds: { type: 'string', default: '0,1,2,3' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const SENSITIVITIES = [0.9, 0.95, 0.97, 0.98];

if (values.help || positionals.length !== 2 || !values.review) {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await main();
}

async function main() {
  const folds = values.folds.split(',');
  const sides = [];
  for (const path of positionals) sides.push(await labelSetsOf(path, folds));
  const labelSets = Object.fromEntries(
    ['published', 'relabelled', 'dropped'].map((set) => [
      set,
      SENSITIVITIES.map((sensitivity) => falseCalls(sides, set, sensitivity)),
    ]),
  );
  const result = {
    folds,
    figure: 'false parasitized calls in 1,000 cells of healthy patients',
    interval: '95 %, bootstrap over patients, paired; thresholds held where they are',
    labelSets,
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out) await writeFileWhole(values.out, text);
  else process.stdout.write(text);
}

async function labelSetsOf(path, folds) {
  const predictions = (await readPredictions(path)).filter(({ fold }) => folds.includes(fold));
  const review = await readReview(values.review, predictions);
  return { published: predictions, ...underReview(predictions, predictions, review) };
}

function falseCalls(sides, set, sensitivity) {
  // No opinion leaves out or flips a healthy patient's cell here: what is compared is the same under each label set.
  const healthy = healthyPatients(sides[0].published);
  const [a, b] = sides.map((side) => ({
    predictions: side.published.filter(({ patient }) => healthy.has(patient)),
    threshold: thresholdForSensitivity(curveOf(side[set]), sensitivity),
  }));
  const { specificity } = compare(a, b).differences;
  const [low, high] = specificity.interval;
  return {
    sensitivity,
    a: 1000 * (1 - specificity.a),
    b: 1000 * (1 - specificity.b),
    difference: -1000 * specificity.difference,
    interval: [-1000 * high, -1000 * low],
  };
}

function curveOf(predictions) {
  const probabilities = predictions.map(({ probability }) => probability);
  return scoreCurve(probabilities, predictions.map(labelNumber));
}
