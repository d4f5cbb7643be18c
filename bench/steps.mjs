import { fileURLToPath } from 'node:url';
import { median, ratio, rounded } from './statistics.mjs';
import { startWorker } from './worker-process.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Name -> command of each engine. `training: false` for those that only predict. */
function engines(python) {
  return {
    giemsa: { command: process.execPath, args: [here('giemsa-worker.mjs')] },
    'giemsa --fast': { command: process.execPath, args: [here('giemsa-worker.mjs'), '--fast'] },
    tensorflow: { command: python, args: [here('python/bench_tf.py')] },
    'tensorflow oneDNN': { command: python, args: [here('python/bench_tf.py'), '--onednn'] },
    'tensorflow AVX2': { command: python, args: [here('python/bench_tf.py'), '--onednn', '--avx2'] },
    'pytorch channels_last': { command: python, args: [here('python/bench_torch.py'), '--channels-last'] },
    'pytorch channels_last AVX2': {
      command: python,
      args: [here('python/bench_torch.py'), '--channels-last', '--avx2'],
    },
    pytorch: { command: python, args: [here('python/bench_torch.py')] },
    onnxruntime: { command: process.execPath, args: [here('onnxruntime-worker.mjs')], training: false },
  };
}

/**
 * Times one setting (network, batch, threads, training or inference) in all engines, interleaved: each round asks every
 * engine for a few steps in turn, so that a busy machine is busy for all.
 */
export async function timeSetting(setting, { python, rounds, steps, only }) {
  const chosen = Object.entries(engines(python)).filter(
    ([name, { training = true }]) => (setting.op === 'predict' || training) && (!only || only.includes(name)),
  );
  const workers = chosen.map(([name, { command, args }]) => ({ name, ...startWorker(command, args) }));
  try {
    for (const worker of workers) {
      const { versions } = await worker.ask({ ...setting, steps: 0 });
      Object.assign(worker, { versions, ms: [], cpuMs: [] });
    }
    for (let round = 0; round < rounds; round++) {
      for (const worker of workers) {
        const { ms, cpuMs, peakMegabytes } = await worker.ask({ ...setting, steps });
        worker.ms.push(rounded(ms));
        worker.cpuMs.push(rounded(cpuMs));
        worker.peakMegabytes = Math.round(peakMegabytes);
      }
    }
  } finally {
    for (const worker of workers) worker.close();
  }
  return { ...setting, stepsARound: steps, engines: summary(workers), ratios: ratios(workers) };
}

function summary(workers) {
  return Object.fromEntries(
    workers.map(({ name, ms, cpuMs, peakMegabytes, versions }) => [
      name,
      {
        medianMs: rounded(median(ms)),
        medianCpuMs: rounded(median(cpuMs)),
        ms,
        cpuMs,
        peakMegabytes,
        versions,
      },
    ]),
  );
}

/**
 * `giemsa / tensorflow`: { time, cpuTime, least, memory }, below 1 where ours is better. `least` compares the quickest round of
 * each: what a busy machine disturbs least.
 */
function ratios(workers) {
  const ours = workers.filter(({ name }) => name.startsWith('giemsa'));
  const theirs = workers.filter(({ name }) => !name.startsWith('giemsa'));
  return Object.fromEntries(
    ours.flatMap((a) =>
      theirs.map((b) => [
        `${a.name} / ${b.name}`,
        {
          time: ratio(a.ms, b.ms),
          cpuTime: ratio(a.cpuMs, b.cpuMs),
          least: rounded(Math.min(...a.ms) / Math.min(...b.ms)),
          memory: rounded(a.peakMegabytes / b.peakMegabytes),
        },
      ]),
    ),
  );
}
