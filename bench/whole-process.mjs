import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networks } from './networks.mjs';
import { median, ratio, rounded } from './statistics.mjs';
import { untrainedModel } from './untrained-model.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Times whole processes, interleaved: all cells of a folder, decoding included, with two threads; and one cell, cold start
 * included, with one. Both sides stretch by nearest neighbour. The weights are random: time does not depend on them.
 */
export async function timeProcesses({ python, rounds, cells, folder }) {
  const results = [];
  for (const name of Object.keys(networks)) {
    const models = await writeModels(name, python, folder);
    for (const [job, path, threads] of [
      ['folder', cells, 2],
      ['one cell', firstImage(cells), 1],
    ]) {
      const commands = commandsFor(models, python, path, String(threads));
      const runs = Object.fromEntries(Object.keys(commands).map((engine) => [engine, []]));
      for (let round = -1; round < rounds; round++) {
        for (const [engine, command] of Object.entries(commands)) {
          const run = measure(python, command);
          // The round before the first only fills the disk's cache.
          if (round >= 0) runs[engine].push(run);
        }
      }
      results.push({ job, network: name, threads, engines: runs, ...compared(runs) });
    }
  }
  return results;
}

async function writeModels(name, python, folder) {
  const network = networks[name];
  const { height, width } = network.input;
  const preprocessing = { fit: 'stretch', height, width, scale: 1 / 255, offset: 0 };
  const ours = join(folder, `${name}.onnx`);
  writeFileSync(ours, await untrainedModel(network, preprocessing));
  const theirs = join(folder, `${name}.keras`);
  run(python, [here('python/classify_tf.py'), '--save', theirs, '--network', name]);
  return { ours, theirs };
}

function commandsFor({ ours, theirs }, python, path, threads) {
  const giemsa = [process.execPath, here('../dist/cli/main.js'), 'classify', path, '--model', ours];
  const tensorflow = [python, here('python/classify_tf.py'), theirs, path, '--threads', threads];
  return {
    giemsa: [...giemsa, '--threads', threads, '--format', 'jsonl', '--quiet'],
    tensorflow,
    'tensorflow oneDNN': [...tensorflow, '--onednn'],
  };
}

function measure(python, command) {
  const { status, ...used } = JSON.parse(run(python, [here('python/measure.py'), ...command]));
  if (status !== 0) throw new Error(`${command.join(' ')} ended with status ${status}`);
  return Object.fromEntries(Object.entries(used).map(([key, value]) => [key, rounded(value)]));
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(-4000)}`);
  return stdout;
}

function compared(runs) {
  const values = (engine, key) => runs[engine].map((run) => run[key]);
  const medians = Object.fromEntries(
    Object.keys(runs).map((engine) => [
      engine,
      {
        wallSeconds: rounded(median(values(engine, 'wallSeconds'))),
        cpuSeconds: rounded(median(values(engine, 'cpuSeconds'))),
        peakMegabytes: rounded(median(values(engine, 'peakMegabytes'))),
      },
    ]),
  );
  const against = Object.keys(runs).filter((engine) => engine !== 'giemsa');
  const ratios = Object.fromEntries(
    against.map((engine) => [
      `giemsa / ${engine}`,
      {
        wall: ratio(values('giemsa', 'wallSeconds'), values(engine, 'wallSeconds')),
        cpuTime: ratio(values('giemsa', 'cpuSeconds'), values(engine, 'cpuSeconds')),
        memory: ratio(values('giemsa', 'peakMegabytes'), values(engine, 'peakMegabytes')),
      },
    ]),
  );
  return { medians, ratios };
}

function firstImage(folder) {
  const name = readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.png'))
    .sort()[0];
  if (name === undefined) throw new Error(`no PNG images in ${folder}`);
  return join(folder, name);
}
