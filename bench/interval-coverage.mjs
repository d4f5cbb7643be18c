// How often the 95 % intervals of `evaluate` hold the truth, simulated. See docs/results/interval-coverage.json.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { coverage } from './simulate-intervals.mjs';

const usage = `npm run build && GIEMSA_DATA=DIR node bench/interval-coverage.mjs [options]

  --patients LIST     three in four are infected (4,8,12,16,20,40,200)
  --scenarios LIST    model, resampled (both): cells per patient of the NIH set with scores of a model of random effects;
                      NIH patients drawn with replacement, with the scores of sixteen features (nih-meta/baseline-published.csv)
  --simulations N     (1000)
  --resamples N       of each bootstrap (400; the command has 2,000: more of them make an interval a little steadier)
  --out FILE          (docs/results/interval-coverage.json)`;

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = isMainThread
  ? parseArgs({
      options: {
        patients: text('4,8,12,16,20,40,200'),
        scenarios: text('model,resampled'),
        simulations: text('1000'),
        resamples: text('400'),
        out: text(join(root, 'docs/results/interval-coverage.json')),
        help: { type: 'boolean' },
      },
    })
  : workerData;

if (!isMainThread) {
  for (const task of values.tasks) parentPort.postMessage(coverage(task));
} else if (values.help) {
  console.log(usage);
} else {
  await main();
}

async function main() {
  const meta = join(process.env.GIEMSA_DATA ?? '', 'nih-meta');
  const rows = (file) => readFileSync(join(meta, file), 'utf8').trim().split('\n').slice(1);
  const scenarios = values.scenarios.split(',');
  const source = {
    cells: rows('cells.csv').map((line) => line.split(',').slice(1, 3)),
    predictions: rows('baseline-published.csv').map((line) => line.split(',')),
  };
  const results = await Promise.all(scenarios.map((scenario) => inWorker(scenario, source)));
  const { out, simulations, resamples } = values;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  writeFileSync(
    out,
    `${JSON.stringify(
      {
        what: 'Coverage (%) of the 95 % intervals over patients, and their median width; covered: bootstrap of the command, percentile: the plain one for comparison',
        command: `node bench/interval-coverage.mjs --simulations ${simulations} --resamples ${resamples}`,
        commit,
        date: new Date().toISOString().slice(0, 10),
        results: results.flat(),
      },
      null,
      1,
    )}\n`,
  );
}

function inWorker(scenario, source) {
  const tasks = values.patients.split(',').map((patients) => ({
    scenario,
    patients: Number(patients),
    simulations: Number(values.simulations),
    resamples: Number(values.resamples),
    source,
  }));
  const worker = new Worker(new URL(import.meta.url), { workerData: { values: { tasks } } });
  const results = [];
  return new Promise((resolve, reject) => {
    worker.on('message', (result) => {
      results.push(result);
      console.log(JSON.stringify(result));
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve(results));
  });
}
