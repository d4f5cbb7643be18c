// Classifies 100,000 images, the 2,000 sample cells 50 times, given as a list on stdin, and watches the memory of the command:
//     npm run build && node bench/classify-many.mjs --cells FOLDER [--times 50] [--model FILE] [--report FILE] [--out FILE]
// Fails where a row is missing or wrong, or where memory grows by more than 10 % after the first 5,000 images.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    cells: { type: 'string' },
    times: { type: 'string', default: '50' },
    model: { type: 'string' },
    report: { type: 'string' },
    out: { type: 'string' },
  },
});
const WARM_UP = 5000;
const SAMPLE_EVERY = 500;
const GROWTH = 1.1;

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(values.cells, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.png'),
);
const paths = names.sort().map((name) => `${values.cells}/${name}`);
const times = Number(values.times);
const total = paths.length * times;

const files = ['model', 'report'].flatMap((name) => (values[name] ? [`--${name}`, values[name]] : []));
const args = ['classify', '-', '--format', 'jsonl', ...files];
const started = performance.now();
const child = spawn(process.execPath, [`${root}dist/cli/main.js`, ...args], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
// Where the command ends early, its exit status and the missing rows tell.
child.stdin.on('error', () => undefined);
const ended = new Promise((resolve) => child.on('close', resolve));
writeList();

const first = new Map();
const memory = [];
let rows = 0;
for await (const line of createInterface({ input: child.stdout })) {
  const { file, probability, error } = JSON.parse(line);
  if (file !== paths[rows % paths.length]) throw new Error(`row ${rows + 1} is of ${file}`);
  if (error !== null) throw new Error(`row ${rows + 1}: ${error}`);
  if (rows < paths.length) first.set(file, probability);
  else if (first.get(file) !== probability)
    throw new Error(`row ${rows + 1}: another probability than before`);
  rows++;
  if (rows % SAMPLE_EVERY === 0 && rows < total) memory.push({ rows, bytes: residentBytes() });
}
const status = await ended;
const seconds = (performance.now() - started) / 1000;

const after = memory.filter((sample) => sample.rows >= WARM_UP);
const start = mean(after.slice(0, 10));
const end = mean(after.slice(-10));
const most = Math.max(...after.map(({ bytes }) => bytes));
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
const result = {
  command: `node bench/classify-many.mjs --cells SAMPLE --times ${times}${values.model ? ' --model FILE' : ''}${values.report ? ' --report FILE' : ''}`,
  recipe: await recipeOfModel(),
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  node: process.version,
  processor: `${cpus()[0].model}, ${cpus().length} cores`,
  images: total,
  rows,
  status,
  seconds: Math.round(seconds),
  imagesPerSecond: Math.round(total / seconds),
  residentMegabytes: {
    after5000: megabytes(start),
    atTheEnd: megabytes(end),
    most: megabytes(most),
    every10000: memory.filter((sample) => sample.rows % 10_000 === 0).map(({ bytes }) => megabytes(bytes)),
  },
  growth: Math.round(1000 * (end / start - 1)) / 1000,
};
const text = `${JSON.stringify(result, undefined, 2)}\n`;
process.stdout.write(text);
if (values.out) writeFileSync(values.out, text);
if (rows !== total || status !== 0) throw new Error(`${rows} rows of ${total}, exit status ${status}`);
if (most > GROWTH * start) throw new Error(`memory grew from ${megabytes(start)} to ${megabytes(most)} MB`);

async function recipeOfModel() {
  const { readModelFile } = await import('../dist/load-classifier.js');
  const { readModel } = await import('../dist/model/file.js');
  return (await readModel(await readModelFile(values.model))).metadata.recipe.name;
}

async function writeList() {
  for (let time = 0; time < times; time++) {
    const text = paths.map((path) => `${path}\n`).join('');
    if (!child.stdin.write(text)) await new Promise((resume) => child.stdin.once('drain', resume));
  }
  child.stdin.end();
}

function residentBytes() {
  const pages = Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]);
  return 4096 * pages;
}

function mean(samples) {
  return samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length;
}
