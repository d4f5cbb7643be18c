// Trains in a process of its own, which may be killed: `node train-child.js '{"data": ..., "out": ..., ...}'`.
// Prints `step` and a line feed after every step, written at once, so that the parent can count them. After `leash` steps
// it stands still until it is killed.
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../dist/dataset/dataset.js';
import { splitByPatient } from '../../dist/dataset/split-by-patient.js';
import { runTraining } from '../../dist/training/train.js';

const {
  data,
  out,
  recipe,
  seed = 1,
  threads = 1,
  epochs,
  checkpointSeconds = 60,
  leash,
} = JSON.parse(process.argv[2]);
let steps = 0;
const dataset = await openDataset(data);
await runTraining({
  recipe,
  dataset,
  data: { path: data, labelSet: 'published' },
  split: splitByPatient(dataset.cells, { seed: 1, ratio: [60, 20, 20] }),
  out,
  resume: existsSync(join(out, 'run.json')),
  seed,
  threads,
  checkpointSeconds,
  ...(epochs ? { epochs } : {}),
  onEvent({ type }) {
    if (type !== 'step') return;
    writeSync(1, 'step\n');
    if (++steps === leash) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
await dataset.close();
