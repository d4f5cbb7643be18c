// Where the time of a step goes: one thread, every kernel call of the plan timed by itself.
import { parseArgs } from 'node:util';
import { createEngine } from '../dist/engine/engine.js';
import { resolve } from '../dist/network/graph.js';
import { initialWeights } from '../dist/network/initial-weights.js';
import { createLearner } from '../dist/network/learner.js';
import { createPredictor } from '../dist/network/predictor.js';
import { networks } from './networks.mjs';
import { testImages } from './protocol.mjs';
import { rounded } from './statistics.mjs';

const usage = `npm run build && node bench/profile.mjs [options]

  --network NAME    seed or residual (seed)
  --op NAME         train or predict (train)
  --batch N         (32 for seed, 64 for residual; 64 for predict)
  --steps N         timed steps; the table shows the least of each call (15)
  --fast            relaxed SIMD
  --json            prints JSON`;

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'seed' },
    op: { type: 'string', default: 'train' },
    batch: { type: 'string' },
    steps: { type: 'string', default: '15' },
    fast: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}

const network = networks[values.network];
const batch = Number(values.batch ?? (values.op === 'train' && values.network === 'seed' ? 32 : 64));
const engine = await createEngine({ relaxed: values.fast });
const times = new Map();
const timed = {
  ...engine,
  async run(plan) {
    const sums = new Map();
    for (const call of plan) {
      const start = performance.now();
      await engine.run([call]);
      const key = `${call.note} ${call.kernel}`;
      const sum = sums.get(key) ?? { note: call.note, kernel: call.kernel, ms: 0 };
      sum.ms += performance.now() - start;
      sums.set(key, sum);
    }
    for (const [key, { ms, ...call }] of sums) {
      times.set(key, { ...call, ms: [...(times.get(key)?.ms ?? []), ms] });
    }
  },
};
const weights = initialWeights(resolve(network), 1, engine.math);
const step = await build();
for (let i = 0; i < 3; i++) await step(i + 1);
times.clear();
for (let i = 0; i < Number(values.steps); i++) await step(i + 4);

const calls = [...times.values()].map((entry) => ({ ...entry, ms: Math.min(...entry.ms) }));
const total = calls.reduce((sum, { ms }) => sum + ms, 0);
const rows = calls
  .sort((a, b) => b.ms - a.ms)
  .map(({ note, kernel, ms }) => ({ note, kernel, ms: rounded(ms), percent: rounded((100 * ms) / total) }));
if (values.json)
  console.log(
    JSON.stringify({ network: values.network, op: values.op, batch, ms: rounded(total), calls: rows }),
  );
else {
  console.log(
    `${values.op}, ${values.network} network, batch ${batch}, one thread: ${rounded(total)} ms a step`,
  );
  console.table(rows.filter(({ percent }) => percent >= 0.5));
}

async function build() {
  const { height, width } = network.input;
  const images = testImages(batch * height * width * 3);
  if (values.op === 'predict') {
    const predictor = await createPredictor(timed, network, weights, batch);
    return async () => {
      predictor.images(batch).set(images);
      await predictor.predict(batch);
    };
  }
  const learner = await createLearner(timed, network, weights, {
    batch,
    seed: 1,
    optimiser: { type: 'adam', convention: 'keras' },
  });
  return async (number) => {
    learner.images(batch).set(images);
    learner.targets(batch).set(Float32Array.from({ length: batch }, (_, i) => i % 2));
    await learner.step(batch, { learningRate: 1e-3, step: number });
  };
}
