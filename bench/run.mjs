// Times this project against TensorFlow, PyTorch and ONNX Runtime on this machine, now. See docs/performance.md.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { timeSetting } from './steps.mjs';
import { timeProcesses } from './whole-process.mjs';

const usage = `npm run build && npm run bench -- [options]

  --python FILE     interpreter with scripts/reference/requirements.txt installed (.venv/bin/python)
  --rounds N        rounds, each asking every engine in turn (5)
  --steps N         steps of a round (5)
  --threads LIST    (1,2)
  --networks LIST   (seed,residual)
  --ops LIST        train, predict (both)
  --engines LIST    e.g. giemsa,"tensorflow oneDNN" (all)
  --cells DIR       a folder of PNG cells: also times whole processes (not without)
  --out FILE        (docs/results/bench.json)`;

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({
  options: {
    python: text(join(root, '.venv/bin/python')),
    rounds: text('5'),
    steps: text('5'),
    threads: text('1,2'),
    networks: text('seed,residual'),
    ops: text('train,predict'),
    engines: { type: 'string' },
    cells: { type: 'string' },
    out: text(join(root, 'docs/results/bench.json')),
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}
if (!existsSync(values.python)) {
  console.error(
    `no Python at ${values.python}; make it as scripts/reference/README.md says, or name one with --python`,
  );
  process.exit(2);
}

const TRAINING_BATCH = { seed: 32, residual: 64 };
const options = {
  python: values.python,
  rounds: Number(values.rounds),
  steps: Number(values.steps),
  only: values.engines?.split(','),
};
const settings = values.ops.split(',').flatMap((op) =>
  values.networks.split(',').flatMap((network) =>
    values.threads.split(',').map((threads) => ({
      op,
      network,
      batch: op === 'train' ? TRAINING_BATCH[network] : 64,
      threads: Number(threads),
    })),
  ),
);

const results = {
  date: new Date().toISOString(),
  commit: git('rev-parse', 'HEAD'),
  // Anything uncommitted but the results themselves.
  modified: git('status', '--porcelain', '--', 'src', 'bench') !== '',
  machine: {
    processor: cpus()[0].model,
    cores: availableParallelism(),
    memoryMegabytes: Math.round(totalmem() / 2 ** 20),
    platform: `${process.platform} ${process.arch}`,
  },
  node: process.version,
  rounds: options.rounds,
  steps: [],
  processes: [],
};
for (const setting of settings) {
  const result = await timeSetting(setting, options);
  results.steps.push(result);
  const { op, network, batch, threads } = setting;
  console.log(`\n${op}, ${network} network, batch ${batch}, ${threads} thread${threads > 1 ? 's' : ''}`);
  console.table(
    Object.fromEntries(
      Object.entries(result.engines).map(([name, { medianMs, medianCpuMs, peakMegabytes }]) => [
        name,
        { 'ms a step': medianMs, 'CPU ms a step': medianCpuMs, 'peak MB': peakMegabytes },
      ]),
    ),
  );
  console.table(result.ratios);
  save();
}
if (values.cells) {
  const folder = mkdtempSync(join(tmpdir(), 'giemsa-bench-'));
  try {
    results.processes = await timeProcesses({ ...options, cells: values.cells, folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const { job, network, threads, medians, ratios } of results.processes) {
    console.log(`\n${job}, ${network} network, ${threads} thread${threads > 1 ? 's' : ''}, whole process`);
    console.table(medians);
    console.table(ratios);
  }
  save();
}

function save() {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(results, null, 1)}\n`);
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
