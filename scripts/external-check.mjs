// How the model does on cells of other laboratories: cut out of whole fields, P. vivax (iml-fields) and no malaria
// (chula-fields). See docs/results/default/external.md.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeImage } from '../dist/cells/decode.js';
import { writeFileWhole } from '../dist/dataset/write-file.js';
import { openDataset, readFolds, readModel } from '../dist/index.js';
import { describedModel } from './described-model.mjs';
import { classifyFields, VARIANT_CELLS } from './external/classify.mjs';
import { median, medianCell } from './external/cut-fields.mjs';
import { BOOTSTRAP, callsAt, falseCallsAt, rocAucOf } from './external/figures.mjs';
import { renewTables } from './external/page.mjs';
import { chulaFields, imlFields, STAGES } from './external/sets.mjs';
import { writeSheets } from './external/sheet.mjs';
import { VARIANTS } from './external/variants.mjs';

const usage = `npm run build && GIEMSA_DATA=DIR node scripts/external-check.mjs [options]

  --data DIR      folder with iml-fields, chula-fields, nih-sample-2000.zip and nih-meta ($GIEMSA_DATA)
  --model FILE    (models/default.onnx)
  --out FILE      (docs/results/default/external.json); the tables of the .md beside it are renewed
  --fields N      only N fields of each set, evenly spaced, for a quick look
  --threads N     (as many as there are cores)
  --sheets DIR    writes contact sheets of the cells it is most wrong about; the iml-fields have no licence: do not publish them`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.GIEMSA_DATA ?? '' },
    model: { type: 'string', default: join(root, 'models/default.onnx') },
    out: { type: 'string', default: join(root, 'docs/results/default/external.json') },
    fields: { type: 'string', default: 'all' },
    threads: { type: 'string', default: String(availableParallelism()) },
    sheets: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const RED = ['red blood cell'];

if (values.help || values.data === '') {
  (values.help ? console.log : console.error)(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await main();
}

async function main() {
  const { metadata } = await readModel(readFileSync(values.model));
  const thresholds = { half: 0.5, own: metadata.threshold };
  const reference = await trainingCell();
  const [imlSet, chulaSet] = [imlFields(values.data), chulaFields(values.data)].map(chosen);
  const options = { model: values.model, reference, threads: Number(values.threads) };
  const iml = await classifyFields('iml-fields', imlSet, options);
  const chula = await classifyFields('chula-fields', chulaSet, options);
  if (values.sheets) {
    await writeSheets(values.sheets, 'iml', imlSet, cellsOf(iml), reference);
    await writeSheets(values.sheets, 'chula', chulaSet, cellsOf(chula), reference);
  }

  const result = {
    what:
      'The model on cells of other laboratories, cut out of whole fields: ROC AUC of P. vivax stages against red cells, false' +
      ' parasitized calls on blood without malaria; raw: colours as photographed, normalised: matched to the NIH set',
    command: `node scripts/external-check.mjs${values.fields === 'all' ? '' : ` --fields ${values.fields}`}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    date: new Date().toISOString().slice(0, 10),
    model: describedModel(values.model, metadata),
    intervals: { level: 0.95, unit: 'field', ...BOOTSTRAP },
    trainingCell: reference,
    iml: { ...described(iml), ...byColour((colour) => imlFigures(rowsOf(iml, colour), thresholds)) },
    limits: limitsOf(iml),
    chula: {
      ...described(chula),
      ...byColour((colour) => chulaFigures(rowsOf(chula, colour), thresholds)),
    },
  };
  await writeFileWhole(values.out, `${JSON.stringify(result, null, 1)}\n`);
  await renewTables(values.out.replace(/\.json$/, '.md'), result);
  console.error(`Wrote ${values.out}`);
}

function chosen(fields) {
  if (values.fields === 'all') return fields;
  const count = Number(values.fields);
  return Array.from({ length: count }, (_, i) => fields[Math.floor((i * fields.length) / count)]);
}

/** The median cell of the NIH sample, of the 160 patients that models are chosen on. */
async function trainingCell() {
  const folds = await readFolds(join(values.data, 'nih-meta/folds.csv'));
  const dataset = await openDataset(join(values.data, 'nih-sample-2000.zip'));
  const images = [];
  for (const cell of dataset.cells) {
    if (folds.get(cell.patient) !== 4) images.push(await decodeImage(await cell.read()));
  }
  await dataset.close();
  return { of: 'NIH sample, 160 search patients', cells: images.length, ...medianCell(images) };
}

function cellsOf(fields) {
  return fields.flatMap(({ cells }) => cells);
}

function rowsOf(fields, colour) {
  return cellsOf(fields)
    .filter(({ probability }) => probability)
    .map((cell) => ({ ...cell, probability: cell.probability[colour] }));
}

function byColour(figures) {
  return { raw: figures('raw'), normalised: figures('normalised') };
}

/** What was used, what was left out, and what the fields look like beside the training cells. */
function described(fields) {
  const cells = cellsOf(fields);
  const leftOut = {};
  for (const { type, leftOut: reason } of cells) {
    if (!reason) continue;
    leftOut[reason] ??= {};
    leftOut[reason][type] = (leftOut[reason][type] ?? 0) + 1;
  }
  const used = {};
  for (const { type, leftOut: reason } of cells) if (!reason) used[type] = (used[type] ?? 0) + 1;
  const range = (numbers) => ({
    median: median(numbers),
    least: Math.min(...numbers),
    most: Math.max(...numbers),
  });
  return {
    fields: fields.length,
    annotated: cells.length,
    used,
    leftOut,
    cellDiameter: range(fields.map(({ diameter }) => diameter)),
    scale: range(fields.map(({ scale }) => scale)),
    cellColour: Object.fromEntries(
      ['red', 'green', 'blue'].map((channel, c) => [channel, range(fields.map(({ colour }) => colour[c]))]),
    ),
  };
}

function imlFigures(rows, thresholds) {
  const stages = STAGES.filter((stage) => rows.some(({ type }) => type === stage));
  const blocks = [...new Set(rows.map(({ block }) => block))];
  return {
    overall: rocAucOf(rows, STAGES, RED),
    stages: Object.fromEntries(stages.map((stage) => [stage, rocAucOf(rows, [stage], RED)])),
    byTime: Object.fromEntries(
      blocks.map((block) => [
        block,
        rocAucOf(
          rows.filter((row) => row.block === block),
          STAGES,
          RED,
        ),
      ]),
    ),
    calls: Object.fromEntries(
      Object.entries(thresholds).map(([name, at]) => [name, callsAt(rows, STAGES, at)]),
    ),
    // Of single cells only: a region much larger than the others holds two cells, or a part of a neighbour.
    usualSize: rocAucOf(
      rows.filter(({ relative }) => relative > 0.8 && relative < 1.25),
      STAGES,
      RED,
    ),
  };
}

function chulaFigures(rows, thresholds) {
  const blocks = [...new Set(rows.map(({ block }) => block))];
  const at = (threshold) => ({
    ...falseCallsAt(rows, threshold),
    bySeries: Object.fromEntries(
      blocks.map((block) => [
        block,
        falseCallsAt(
          rows.filter((row) => row.block === block),
          threshold,
        ),
      ]),
    ),
  });
  return Object.fromEntries(Object.entries(thresholds).map(([name, threshold]) => [name, at(threshold)]));
}

/** What one step of the way is worth: the AUC with that step done otherwise. */
function limitsOf(fields) {
  const named = Object.keys(VARIANTS).map((name) => {
    const rows = fields.flatMap(({ variants }) => variants[name]);
    return [name, rocAucOf(rows, STAGES, RED)];
  });
  return {
    cells: VARIANT_CELLS,
    ...Object.fromEntries(named),
  };
}
