// Milliseconds a cell, decoding left out: one thread classifies batches of 64 cells that lie decoded in memory.
//     npm run build && node bench/cell-time.mjs --cells FOLDER [--rounds 15] [--out FILE] MODEL|RECIPE ...
// Of a recipe, a network with the weights that training starts from. Models take turns; the median over the rounds counts.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeImage } from '../dist/cells/decode.js';
import { createEngine } from '../dist/engine/engine.js';
import { createClassifier } from '../dist/model/classifier.js';
import { MOST_IMAGES } from '../dist/network/largest.js';
import { loadRecipe } from '../dist/training/load-recipe.js';
import { median, rounded } from './statistics.mjs';
import { untrainedModel } from './untrained-model.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cells: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    out: { type: 'string' },
  },
});
const WARM_UP = 3;

const cells = await Promise.all(
  readdirSync(values.cells, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.png'))
    .sort()
    .slice(0, MOST_IMAGES)
    .map((name) => decodeImage(readFileSync(join(values.cells, name)))),
);
const models = [];
for (const name of positionals) {
  const classifier = await createClassifier(await createEngine(), await modelBytes(name));
  models.push({ name: basename(name), classifier, times: [] });
}
for (let round = 0; round < WARM_UP + Number(values.rounds); round++) {
  for (const { classifier, times } of models) {
    const start = performance.now();
    await classifier.classify(cells);
    if (round >= WARM_UP) times.push((performance.now() - start) / cells.length);
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const results = {
  date: new Date().toISOString().slice(0, 10),
  commit: git('rev-parse', 'HEAD'),
  machine: { processor: cpus()[0].model, node: process.version },
  batch: cells.length,
  rounds: Number(values.rounds),
  milliseconds: Object.fromEntries(
    models.map(({ name, times }) => [
      name,
      { median: rounded(median(times)), least: rounded(Math.min(...times)) },
    ]),
  ),
};
const text = `${JSON.stringify(results, null, 2)}\n`;
if (values.out) writeFileSync(values.out, text);
process.stdout.write(text);

async function modelBytes(name) {
  if (name.endsWith('.onnx')) return readFileSync(name);
  const { network, preprocessing } = await loadRecipe(name);
  return untrainedModel(network, preprocessing);
}
