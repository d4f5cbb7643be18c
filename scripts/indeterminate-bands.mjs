// Two ways to choose which probabilities are too near to the threshold to call, each judged on patients it was not chosen on: the band
// that held the most mistakes of a few validation patients, and the one that holds the cells most likely mistaken (Chow's rule).
import { parseArgs } from 'node:util';
import { readPredictions } from '../dist/cli/predictions-file.js';
import { readReview, underReview } from '../dist/dataset/label-sets.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { indeterminateBand } from '../dist/evaluation/indeterminate-band.js';
import { chooseThreshold } from '../dist/evaluation/operating-points.js';
import { sample } from '../dist/recipes/random.js';

const usage = `npm run build && node scripts/indeterminate-bands.mjs --review cells.csv [options] PREDICTIONS.csv

  PREDICTIONS.csv  out-of-fold predictions of models trained on relabelled labels
  --review FILE    the second opinion: name,label,review
  --folds LIST     bands are chosen on patients of one of these folds and judged on each other one (0,1,2,3)
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
/** As for the shipped model: patients of a validation part, and the share of their cells that may lie in the band. */
const PATIENTS = 16;
const SHARE = 0.04;
const DRAWS = 6;

if (values.help || positionals.length !== 1 || !values.review) {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  const published = await readPredictions(positionals[0]);
  const { relabelled } = underReview(published, published, await readReview(values.review, published));
  const folds = values.folds.split(',').map((fold) => relabelled.filter((row) => row.fold === fold));
  const result = {
    what: `bands chosen on ${PATIENTS} patients of one fold (${DRAWS} draws each), with room for ${SHARE} of their cells, judged on each other fold; relabelled labels, threshold chosen for specificity .973 on the same patients`,
    folds: values.folds,
    mostMistakes: judged(folds, mostMistakes),
    mostLikelyMistaken: judged(folds, (rows, threshold, most) =>
      indeterminateBand(
        rows.map(({ probability }) => probability),
        threshold,
        most,
      ),
    ),
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out) await writeFileWhole(values.out, text);
  else process.stdout.write(text);
}

/** Means over all pairs of folds: the share not called, and the error of the called cells by that of all. */
function judged(folds, choose) {
  const shares = [];
  const ratios = [];
  for (const [i, fold] of folds.entries()) {
    const patients = [...new Set(fold.map(({ patient }) => patient))].sort();
    for (let draw = 0; draw < DRAWS; draw++) {
      const chosen = new Set(sample(patients, PATIENTS, 1 + DRAWS * i + draw));
      const rows = fold.filter(({ patient }) => chosen.has(patient));
      const { threshold } = chooseThreshold(rows.map((row) => ({ ...row, part: 'val' })));
      const band = choose(rows, threshold, Math.floor(SHARE * rows.length));
      for (const other of folds.filter((_, j) => j !== i)) {
        const called = other.filter(({ probability: p }) => !band || p < band.low || p > band.high);
        shares.push(1 - called.length / other.length);
        ratios.push(errorOf(called, threshold) / errorOf(other, threshold));
      }
    }
  }
  return {
    judgements: ratios.length,
    meanShare: mean(shares),
    meanErrorRatio: mean(ratios),
    worstErrorRatio: Math.max(...ratios),
    shareHalved: ratios.filter((ratio) => ratio <= 0.5).length / ratios.length,
  };
}

function errorOf(rows, threshold) {
  return rows.filter((row) => isMistake(row, threshold)).length / rows.length;
}

function isMistake({ probability, label }, threshold) {
  return probability >= threshold !== (label === 'parasitized');
}

/** Of the bands about the threshold that hold no more cells than they may, that with the most mistakes, and of several the smallest. */
function mostMistakes(rows, threshold, most) {
  const sorted = rows.toSorted((a, b) => a.probability - b.probability);
  const first = sorted.findIndex(({ probability }) => probability >= threshold);
  const mistakes = [0];
  for (const row of sorted) mistakes.push(mistakes.at(-1) + (isMistake(row, threshold) ? 1 : 0));
  let best = { caught: 0, cells: 0 };
  for (let from = Math.max(0, first - most); from <= first; from++) {
    for (let to = first; to <= Math.min(sorted.length, from + most); to++) {
      const [caught, cells] = [mistakes[to] - mistakes[from], to - from];
      if (caught < best.caught || (caught === best.caught && cells >= best.cells)) continue;
      const low = from < first ? sorted[from].probability : threshold;
      best = { caught, cells, low, high: to > first ? sorted[to - 1].probability : threshold };
    }
  }
  return best.caught > 0 ? best : undefined;
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
