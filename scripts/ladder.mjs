// The ladder: from guessing to a network, each under folds drawn by cell and under patient-disjoint ones, and what that leak is
// worth. See docs/benchmark.md.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeImage } from '../dist/cells/decode.js';
import { readPredictions } from '../dist/cli/predictions-file.js';
import { openDataset } from '../dist/dataset/dataset.js';
import { readFolds } from '../dist/dataset/folds.js';
import { pythonRandom } from '../dist/dataset/python-random.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { compare } from '../dist/evaluation/compare.js';
import { evaluatePart } from '../dist/evaluation/evaluate.js';
import { healthyPatients, OUT_OF_FOLD } from '../dist/evaluation/prediction.js';
import { ladderFigure } from '../dist/figures/ladder.js';
import { countMultiplyAdds, countParameters, resolve } from '../dist/network/graph.js';
import { svgToPng } from '../dist/report/png.js';
import { loadRecipe } from '../dist/training/load-recipe.js';
import { featuresOf } from './ladder/features.mjs';
import { millisecondsOf, outOfFold, RUNGS } from './ladder/rungs.mjs';
import { ladderTable } from './ladder/table.mjs';

const usage = `npm run build && node scripts/ladder.mjs --data cell_images [options]

  --data DIR       the cells, as published
  --folds FILE     patient,fold (docs/benchmark/folds.csv)
  --baseline FILE  predictions of other people's boosting on sixteen features, to compare with ours
  --network NAME=RECIPE,RANDOM.csv,DISJOINT.csv[,MILLISECONDS]
                   a network by its predictions under both protocols, out of fold or of the test part of a split by cell; may be
                   given several times. One of the files may be left empty. The leak is then judged on the cells that both
                   predict. RECIPE is a name or a file, for parameters and multiply-adds
  --work DIR       where features and predictions are kept between calls (.runs/ladder)
  --out DIR        (docs/results/default): ladder.json, ladder.md, ladder.svg, ladder.png
  --seed N         of the folds drawn by cell (1)`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    folds: { type: 'string', default: join(root, 'docs/benchmark/folds.csv') },
    baseline: { type: 'string' },
    network: { type: 'string', multiple: true, default: [] },
    work: { type: 'string', default: join(root, '.runs/ladder') },
    out: { type: 'string', default: join(root, 'docs/results/default') },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
});

const FOLDS = 5;
/** Cells on which a rung's time is taken. */
const TIMED = 200;
const PROTOCOLS = ['random', 'patientDisjoint'];

if (values.help || values.data === '') {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await main();
}

async function main() {
  const data = await openDataset(values.data);
  try {
    const { cells, fingerprint } = data;
    const folds = await readFolds(values.folds);
    const foldsOf = {
      random: randomFolds(cells, Number(values.seed)),
      patientDisjoint: cells.map(({ patient }) => folds.get(patient)),
    };
    const missing = cells.find(({ patient }) => !folds.has(patient));
    if (missing) throw new Error(`${values.folds} has no fold for the patient of ${missing.name}`);
    await mkdir(values.work, { recursive: true });
    const rows = await featuresOf(cells, join(values.work, 'features.csv'));
    const labels = cells.map(({ label }) => (label === 'parasitized' ? 1 : 0));
    // A test part may lack an infected patient's parasitized cells.
    const healthy = healthyPatients(cells);
    const timed = [];
    for (let i = 0; i < TIMED; i++) {
      timed.push(await decodeImage(await cells[Math.floor((i * cells.length) / TIMED)].read()));
    }
    const rungs = [];
    for (const rung of RUNGS) {
      const predictions = {};
      let milliseconds = 0;
      for (const protocol of PROTOCOLS) {
        progress(`${rung.name}, ${protocol}`);
        const { probabilities, predict } = await outOfFold(rung, rows, labels, foldsOf[protocol]);
        milliseconds = millisecondsOf(rung, predict, timed);
        predictions[protocol] = cells.map(({ name, label, patient }, i) => ({
          ...{ name, label, patient, part: OUT_OF_FOLD, fold: String(foldsOf[protocol][i]) },
          probability: probabilities[i],
        }));
        await writePredictions(
          join(values.work, `${rung.name.replaceAll(/\W+/g, '-')}-${protocol}.csv`),
          predictions[protocol],
        );
      }
      const features = rung.features(rows[0]).length;
      rungs.push({
        ...rungFigures(rung.name, predictions, healthy),
        parameters: rung.parameters(features),
        multiplyAdds: rung.multiplyAdds(features),
        milliseconds,
        ...(rung.name === 'sixteen features, boosting'
          ? await againstBaseline(predictions.patientDisjoint)
          : {}),
      });
    }
    for (const network of values.network) rungs.push(await networkRung(network, healthy));
    const ladder = {
      data: { fingerprint, cells: cells.length, labelSet: 'published' },
      threshold: 0.5,
      folds: {
        random: `by cell, seed ${values.seed}`,
        patientDisjoint: 'docs/benchmark/folds.csv',
        count: FOLDS,
      },
      interval: '95 %, bootstrap over patients; differences are paired',
      rungs,
    };
    await write(ladder);
  } finally {
    await data.close();
  }
}

/** Five folds drawn by cell, each label alike. */
function randomFolds(cells, seed) {
  const draw = pythonRandom(seed);
  const foldOf = new Array(cells.length);
  for (const label of ['parasitized', 'uninfected']) {
    const own = [...cells.keys()].filter((i) => cells[i].label === label);
    for (const [rank, i] of draw.shuffle(own).entries()) foldOf[i] = rank % FOLDS;
  }
  return foldOf;
}

/** Figures under both protocols, and of their difference: random less patient-disjoint. */
function rungFigures(name, { random, patientDisjoint }, healthy) {
  progress(`${name}: intervals`);
  const leak =
    random && patientDisjoint
      ? compare(
          { predictions: patientDisjoint, threshold: 0.5 },
          { predictions: random, threshold: 0.5 },
          { healthy },
        ).differences
      : null;
  const points = ({ difference, interval }) => ({ difference, interval });
  return {
    name,
    random: random ? figuresOf(random, 'folds by cell', healthy) : null,
    patientDisjoint: patientDisjoint ? figuresOf(patientDisjoint, 'patient-disjoint folds', healthy) : null,
    leak:
      leak &&
      Object.fromEntries(
        ['rocAuc', 'accuracy', 'mcc']
          .filter((figure) => leak[figure])
          .map((figure) => [figure, points(leak[figure])]),
      ),
  };
}

function figuresOf(predictions, protocol, healthy) {
  const of = { protocol, recipe: null, labelSet: 'published', part: OUT_OF_FOLD };
  const evaluation = evaluatePart(predictions, of, { threshold: 0.5, chosenOn: null }, { healthy });
  const { cells, patients, accuracy, rocAuc, mcc, intervals } = evaluation;
  const own = { rocAuc: intervals.rocAuc, accuracy: intervals.accuracy, mcc: intervals.mcc };
  return { cells, patients, accuracy, rocAuc, mcc, intervals: own };
}

async function againstBaseline(predictions) {
  if (values.baseline === undefined) return {};
  const theirs = await readPredictions(values.baseline);
  const { differences } = compare({ predictions: theirs, threshold: 0.5 }, { predictions, threshold: 0.5 });
  const { rocAuc, accuracy, mcc } = differences;
  return { againstBaseline: { rocAuc, accuracy, mcc } };
}

async function networkRung(text, healthy) {
  const [name, rest = ''] = text.split('=');
  const [recipe, random, disjoint, milliseconds] = rest.split(',');
  const graph = resolve((await loadRecipe(recipe)).network);
  const read = async (path) => (path ? testedOf(await readPredictions(path)) : undefined);
  return {
    ...rungFigures(name, { random: await read(random), patientDisjoint: await read(disjoint) }, healthy),
    parameters: countParameters(graph).trainable,
    multiplyAdds: countMultiplyAdds(graph),
    milliseconds: milliseconds === undefined ? null : Number(milliseconds),
  };
}

/** Cells of a fold or of the part test: what a model was tested on. */
function testedOf(predictions) {
  const tested = predictions.filter(({ part }) => part === OUT_OF_FOLD || part === 'test');
  if (tested.length === 0) throw new Error('a file of predictions has neither folds nor a part test');
  return tested.map((row) => ({ ...row, part: OUT_OF_FOLD }));
}

async function writePredictions(path, predictions) {
  const lines = predictions.map(
    ({ name, label, patient, fold, probability }) => `${name},${label},${patient},${fold},${probability}\n`,
  );
  await writeFileWhole(path, `name,label,patient,fold,probability\n${lines.join('')}`);
}

async function write(ladder) {
  const { svg } = ladderFigure(
    ladder.rungs.map(({ name, random, patientDisjoint }) => ({
      name,
      random: random?.rocAuc ?? null,
      patientDisjoint: patientDisjoint?.rocAuc ?? null,
    })),
    `${ladder.data.cells.toLocaleString('en')} cells, published labels`,
  );
  const files = {
    'ladder.json': `${JSON.stringify(ladder, null, 2)}\n`,
    'ladder.md': ladderTable(ladder),
    'ladder.svg': svg,
    'ladder.png': await svgToPng(svg),
  };
  for (const [name, content] of Object.entries(files)) await writeFileWhole(join(values.out, name), content);
  console.log(await readFile(join(values.out, 'ladder.md'), 'utf8'));
}

function progress(text) {
  process.stderr.write(`${text}\n`);
}
