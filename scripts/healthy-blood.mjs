// Two models side by side, trained on different labels: how well each ranks cells, and how loud it is on healthy blood where both find
// the same share of the parasitized cells.
import { parseArgs } from 'node:util';
import { readPredictions } from '../dist/cli/predictions-file.js';
import { readReview, underReview } from '../dist/dataset/label-sets.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { leftOutByResamples, resampleWeights } from '../dist/evaluation/bootstrap.js';
import { sharesAt } from '../dist/evaluation/healthy.js';
import { studentMargin } from '../dist/evaluation/interval.js';
import { rocAuc } from '../dist/evaluation/metrics.js';
import { curveOf } from '../dist/evaluation/operating-points.js';
import { healthyPatients, LABEL_SETS } from '../dist/evaluation/prediction.js';
import { thresholdForSensitivity } from '../dist/evaluation/thresholds.js';
import { unitsOf } from '../dist/evaluation/units.js';

const usage = `npm run build && node scripts/healthy-blood.mjs --review cells.csv [options] A.csv B.csv

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
const DOUBTED_AT = 0.95;

if (values.help || positionals.length !== 2 || !values.review) {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await main();
}

async function main() {
  const folds = values.folds.split(',');
  const models = [];
  for (const path of positionals) models.push(await readPredictions(path));
  const inFolds = models.map((rows) => rows.filter(({ fold }) => folds.includes(fold)));
  const review = await readReview(values.review, inFolds[0]);
  const [a, b, mean] = [...inFolds, meanOf(...inFolds)].map((rows) => labelSetsOf(rows, review));
  const result = {
    folds,
    rocAuc: { a: aucsOf(a), b: aucsOf(b), mean: aucsOf(mean) },
    falseCalls: {
      what: 'false parasitized calls in 1,000 cells of healthy patients at equal sensitivity; mean: of the log-odds of both',
      interval: '95 %, bootstrap over patients, of b - a, paired; each resample has thresholds of its own',
      labelSets: bySet((set) => falseCalls([a, b, mean], set)),
    },
    doubted: {
      what: `cells that are called at sensitivity ${DOUBTED_AT}, relabelled, and what the second opinion says of them`,
      a: doubtedOf(a),
      b: doubtedOf(b),
    },
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out) await writeFileWhole(values.out, text);
  else process.stdout.write(text);
}

function bySet(of) {
  return Object.fromEntries(LABEL_SETS.map((set) => [set, of(set)]));
}

function labelSetsOf(predictions, review) {
  return { published: predictions, ...underReview(predictions, predictions, review) };
}

/** What a model of both would say: the mean of their log-odds. */
function meanOf(a, b) {
  const other = new Map(b.map((row) => [keyOf(row), row.probability]));
  return a.map((row) => {
    const logOdds = (logit(row.probability) + logit(other.get(keyOf(row)))) / 2;
    return { ...row, probability: 1 / (1 + Math.exp(-logOdds)) };
  });
}

function logit(probability) {
  const inside = Math.min(Math.max(probability, 1e-7), 1 - 1e-7);
  return Math.log(inside / (1 - inside));
}

function keyOf({ label, name }) {
  return `${label}/${name}`;
}

function aucsOf(side) {
  return bySet((set) => rocAuc(curveOf(side[set])));
}

function falseCalls(sides, set) {
  // No opinion makes a cell of a healthy patient parasitized, and all of them count; of infected patients, those that a set leaves out do not.
  const healthy = healthyPatients(sides[0].published);
  const everyCell = sides.map((side) => unitsOf(withHealthy(side, set, healthy), healthy));
  const [{ count, strata }] = everyCell;
  const shares = everyCell.map((units) => sharesAt(units, SENSITIVITIES));
  const differences = (weights) => {
    const [a, b] = shares.slice(0, 2).map((of) => of(weights));
    return SENSITIVITIES.map((_, i) => 1000 * (b[i] - a[i]));
  };
  const resampled = Array.from(resampleWeights({ count, strata }), differences);
  const [a, b, mean] = shares.map((of) => of(new Float64Array(count).fill(1)).map((share) => 1000 * share));
  return SENSITIVITIES.map((sensitivity, i) => {
    const difference = b[i] - a[i];
    const own = resampled.map((of) => of[i]);
    const leftOut = leftOutByResamples({ count, strata }, difference, own);
    const margin = studentMargin(
      Float64Array.from(own),
      strata.map((stratum) => Array.from(stratum, (unit) => leftOut[unit])),
    );
    return {
      sensitivity,
      a: a[i],
      b: b[i],
      difference,
      // None where no resample differs.
      interval: margin === undefined ? null : [difference - margin, difference + margin],
      mean: mean[i],
    };
  });
}

/** The cells of a label set, and all of healthy patients, which is what is called at its thresholds. */
function withHealthy(side, set, healthy) {
  const ofHealthy = side.published.filter(({ patient }) => healthy.has(patient));
  return [...side[set].filter(({ patient }) => !healthy.has(patient)), ...ofHealthy];
}

/** Of the cells called: how many of healthy patients, and of those that only the second opinion calls parasitized. */
function doubtedOf(side) {
  const threshold = thresholdForSensitivity(curveOf(side.relabelled), DOUBTED_AT);
  const healthy = healthyPatients(side.published);
  const agreed = new Set(side.dropped.map(keyOf));
  const doubted = side.published.filter((row) => !agreed.has(keyOf(row)));
  const called = (rows) => rows.filter(({ probability }) => probability >= threshold).length;
  const ofHealthy = (rows) => rows.filter(({ patient }) => healthy.has(patient));
  const only = doubted.filter(({ label, patient }) => label === 'uninfected' && !healthy.has(patient));
  const undoubted = side.dropped.filter(({ label }) => label === 'parasitized');
  return {
    healthy: { called: called(ofHealthy(side.published)), doubted: called(ofHealthy(doubted)) },
    onlySecondOpinion: { cells: only.length, called: called(only) },
    undoubtedSensitivity: shareCalled(undoubted, threshold),
  };
}

function shareCalled(rows, threshold) {
  return rows.filter(({ probability }) => probability >= threshold).length / rows.length;
}
