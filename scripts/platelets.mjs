// What a model says of cells on which a platelet lies: real platelets of other laboratories' fields, laid on cells of patients it never saw.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeImage } from '../dist/cells/decode.js';
import { drawsOf } from '../dist/cells/draw-random.js';
import { readReview } from '../dist/dataset/label-sets.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { rocAuc } from '../dist/evaluation/metrics.js';
import { curveOf } from '../dist/evaluation/operating-points.js';
import { loadClassifier, openDataset, readFolds } from '../dist/index.js';
import { describedModel } from './described-model.mjs';
import { contactSheet } from './external/sheet.mjs';
import { inColourOfParasites, readPlatelets, withPlatelet } from './platelets/paste.mjs';

const usage = `npm run build && GIEMSA_DATA=DIR node scripts/platelets.mjs --data cell_images --review cells.csv [options]

  --data DIR     the cells, as published
  --fields DIR   folder with chula-fields and iml-fields ($GIEMSA_DATA)
  --review FILE  the second opinion: name,label,review; cells that it doubts are left out
  --model FILE   (models/default.onnx)
  --fold N       of docs/benchmark/folds.csv, whose patients the model never saw (4)
  --each N       cells of each label for each platelet (3)
  --sheet FILE   PNG of some uninfected ones
  --out FILE     JSON; stdout without it`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    fields: { type: 'string', default: process.env.GIEMSA_DATA },
    review: { type: 'string' },
    model: { type: 'string', default: join(root, 'models/default.onnx') },
    fold: { type: 'string', default: '4' },
    each: { type: 'string', default: '3' },
    sheet: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const SEED = 1;
/** Of the sheet: one in so many of the images. */
const SHOWN = 6;

if (values.help || !values.data || !values.review || !values.fields) {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await main();
}

async function main() {
  const platelets = await readPlatelets(values.fields, join(root, 'scripts/platelets/positions.csv'));
  const cells = await undoubtedCells();
  const draws = drawsOf(SEED, 11, 0);
  const classifier = await loadClassifier(values.model);
  const { metadata } = classifier.model;
  const predictions = { uninfected: {}, parasitized: {} };
  for (const label of ['uninfected', 'parasitized']) {
    const images = await withAndWithout(cells[label], platelets, draws);
    for (const [how, list] of Object.entries(images)) {
      predictions[label][how] = await classifier.classify(list);
    }
    if (label === 'uninfected' && values.sheet) {
      const some = [...images.photographed, ...images.coloured].filter((_, i) => i % SHOWN === 0);
      await writeFileWhole(values.sheet, contactSheet(some));
    }
  }
  await classifier.close();

  const result = {
    what: `Cells of patients that the model never saw (fold ${values.fold}, both experts agree), as they are, with a real platelet of another laboratory laid on them as it was photographed, and in the colour of parasites of the NIH set`,
    command: 'node scripts/platelets.mjs',
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    date: new Date().toISOString().slice(0, 10),
    model: describedModel(values.model, metadata),
    platelets: platelets.length,
    cells: predictions.uninfected.without.length,
    uninfected: mapValues(predictions.uninfected, labelsOf),
    parasitized: mapValues(predictions.parasitized, labelsOf),
    rocAuc: {
      what: 'parasitized cells as they are against uninfected ones',
      ...mapValues(predictions.uninfected, (those) => rocAucOf(predictions.parasitized.without, those)),
    },
  };
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out) await writeFileWhole(values.out, text);
  else process.stdout.write(text);
}

/** Cells of the fold on whose label both experts agree, by label. */
async function undoubtedCells() {
  const folds = await readFolds(join(root, 'docs/benchmark/folds.csv'));
  const { cells } = await openDataset(values.data);
  const review = await readReview(values.review, cells);
  const doubted = new Set(review.filter((row) => row.review === 'disagrees').map(({ name }) => name));
  const chosen = cells.filter(
    ({ patient, name }) => folds.get(patient) === Number(values.fold) && !doubted.has(name),
  );
  const ofLabel = (label) => chosen.filter((cell) => cell.label === label);
  return { parasitized: ofLabel('parasitized'), uninfected: ofLabel('uninfected') };
}

/** Some cells for each platelet: as they are, with it as photographed, and in the same place with it in the colour of parasites. */
async function withAndWithout(cells, platelets, draws) {
  const images = { without: [], photographed: [], coloured: [] };
  for (const platelet of platelets) {
    for (let k = 0; k < Number(values.each); k++) {
      const image = await decodeImage(await cells[draws.whole(0, cells.length - 1)].read());
      const place = draws.whole(0, 2 ** 31 - 1);
      images.without.push(image);
      images.photographed.push(withPlatelet(image, platelet, drawsOf(place, 0, 0)));
      images.coloured.push(withPlatelet(image, inColourOfParasites(platelet), drawsOf(place, 0, 0)));
    }
  }
  return images;
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function labelsOf(predictions) {
  const count = (label) => predictions.filter((prediction) => prediction.label === label).length;
  return {
    uninfected: count('uninfected'),
    indeterminate: count('indeterminate'),
    parasitized: count('parasitized'),
  };
}

function rocAucOf(positive, negative) {
  const labelled = (predictions, label) => predictions.map(({ probability }) => ({ label, probability }));
  return rocAuc(curveOf([...labelled(positive, 'parasitized'), ...labelled(negative, 'uninfected')]));
}
