import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openDataset } from '../dist/dataset/dataset.js';
import { splitByPatient } from '../dist/dataset/split-by-patient.js';
import type { TrainingEvent } from '../dist/training/events.js';
import type { TrainingOptions } from '../dist/training/options.js';
import { runTraining } from '../dist/training/train.js';
import { random, randomInteger } from '../src/recipes/random.ts';
import { runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { trainInChild } from './support/train-child-process.ts';
import { drawInto, sha256Of, smallRecipe } from './support/training.ts';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = temporaryFolder();
const data = join(folder, 'cells');
const model = (run: string) => sha256Of(join(folder, run, 'model.onnx'));

beforeAll(() => drawInto(data, 160));

test('killed ten times with SIGKILL and resumed each time: the model and predictions of the uninterrupted run, byte for byte', async () => {
  const recipe = { ...smallRecipe, training: { ...smallRecipe.training, epochs: 40 } };
  const training = { data, recipe };
  expect(await trainInChild({ ...training, out: join(folder, 'whole') })).toBe('finished');

  const out = join(folder, 'killed');
  // Each moment is drawn: a step, and how long after it. In the first five every batch is saved, then whole epochs only,
  // so that some kills fall into the writing of a checkpoint and others lose steps that have to be done again. Ten
  // leashes are less than the 240 steps of the training: however slow the machine, it is killed ten times.
  const draw = random(3);
  for (let i = 0; i < 10; i++) {
    const steps = 1 + randomInteger(draw, 16);
    const kill = { steps, milliseconds: 20 * draw(), leash: steps + 7 };
    const checkpointSeconds = i < 5 ? 0 : 3600;
    expect(await trainInChild({ ...training, out, checkpointSeconds }, { kill })).toBe('killed');
  }
  expect(await trainInChild({ ...training, out })).toBe('finished');
  expect(model('killed')).toBe(model('whole'));
  const predictions = (run: string) => sha256Of(join(folder, run, 'predictions.csv'));
  expect(predictions('killed')).toBe(predictions('whole'));
});

/** Trains in this process. @param stopAt stops at the first event of this type */
async function train(name: string, options: Partial<TrainingOptions>, stopAt?: TrainingEvent['type']) {
  const dataset = await openDataset(data);
  const stop = new AbortController();
  const seen = new Set<string>();
  const result = await runTraining({
    recipe: smallRecipe,
    dataset,
    data: { path: data, labelSet: 'published' },
    split: splitByPatient(dataset.cells, { seed: 1, ratio: [60, 20, 20] }),
    ...{ out: join(folder, name), seed: 1, threads: 1, signal: stop.signal },
    onEvent({ type }) {
      seen.add(type);
      if (type === stopAt) stop.abort();
    },
    ...options,
  });
  await dataset.close();
  return { ...result, seen };
}

const statusOf = (run: string) => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')).status;
const keptBy = (run: string) => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')).kept;
const resultsOf = (run: string) =>
  ['model.onnx', 'metrics.json', 'predictions.csv'].filter((file) => existsSync(join(folder, run, file)));

test('results of a run whose time was used up do not stay beside later steps', async () => {
  await train('used-up', { maxMinutes: 1e-6 });
  const early = model('used-up');

  // Stopped before the first step, the run is as it was.
  await train('used-up', { resume: true, signal: AbortSignal.abort() });
  expect([statusOf('used-up'), model('used-up')]).toEqual(['out of time', early]);

  await train('used-up', { resume: true }, 'step');
  expect([statusOf('used-up'), resultsOf('used-up')]).toEqual(['interrupted', []]);
});

test('stopped while the results are made: resumed, only these are left to be made', async () => {
  await train('straight', {});
  const stopped = await train('at-results', {}, 'results');
  expect(stopped).toMatchObject({ status: 'interrupted', at: { epoch: 6, step: 0 }, metrics: undefined });
  expect([statusOf('at-results'), resultsOf('at-results')]).toEqual(['interrupted', []]);

  const resumed = await train('at-results', { resume: true });
  expect(resumed.status).toBe('finished');
  expect(resumed.seen).toEqual(new Set(['reading', 'results']));
  expect(model('at-results')).toBe(model('straight'));
});

test('run.json names the epoch whose weights are the model, and none where it did not end', async () => {
  const stop = new AbortController();
  let [epochs, steps] = [0, 0];
  const { at } = await train('in-an-epoch', {
    recipe: { ...smallRecipe, training: { ...smallRecipe.training, keep: 'last' } },
    signal: stop.signal,
    onEvent({ type }) {
      if (type === 'epoch') epochs++;
      if (type === 'step' && epochs === 1 && ++steps === 2) stop.abort();
    },
  });
  expect(at).toEqual({ epoch: 2, step: 2 });
  expect(keptBy('in-an-epoch')).toBeNull();
  await train('in-an-epoch', {
    recipe: { ...smallRecipe, training: { ...smallRecipe.training, keep: 'last' } },
    resume: true,
  });
  expect(keptBy('in-an-epoch')).toEqual({ epoch: smallRecipe.training.epochs, metric: null, value: null });
});

describe('the command', () => {
  const recipe = join(folder, 'recipe.json');
  const run = (name: string) => join(folder, name);
  const start = (name: string) => [
    'train',
    '--data',
    data,
    '--recipe',
    recipe,
    '--out',
    run(name),
    '--epochs',
    '8',
  ];
  beforeAll(async () => {
    writeFiles(folder, { 'recipe.json': JSON.stringify(smallRecipe) });
    expect((await runCommand(start('uninterrupted'))).status).toBe(0);
  });

  test('Ctrl-C: saved, exit status 130, and the command that resumes is printed', async () => {
    const stopped = await runCommand(start('stopped'), { signalAt: { signal: 'SIGINT', line: 'Epoch 2/8' } });
    expect(stopped.status).toBe(130);
    const command = /Go on with: giemsa (train --resume \S+)$/m.exec(stopped.stderr)?.[1] ?? '';
    const resumed = await runCommand(command.split(' '));
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).not.toContain('Epoch 1/8');
    expect(model('stopped')).toBe(model('uninterrupted'));
  });

  test('Ctrl-C while the images are read: nothing is lost, it starts there again', async () => {
    const stopped = await runCommand(start('reading'), { signalAt: { signal: 'SIGINT', line: 'Read ' } });
    expect(stopped.status).toBe(130);
    expect((await runCommand(['train', '--resume', run('reading')])).status).toBe(0);
    expect(model('reading')).toBe(model('uninterrupted'));
  });

  test('--max-minutes: results so far are written, and the run can be gone on with', async () => {
    const short = await runCommand([...start('short'), '--max-minutes', '0.000001']);
    expect(short.status).toBe(0);
    expect(short.stderr).toContain('The time is used up');
    expect(model('short')).not.toBe(model('uninterrupted'));
    expect((await runCommand(['train', '--resume', run('short')])).status).toBe(0);
    expect(model('short')).toBe(model('uninterrupted'));
  });

  test('a finished run says so', async () => {
    const again = await runCommand(['train', '--resume', run('uninterrupted')]);
    expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('finished already') });
  });

  test('a run folder with a finished run is refused', async () => {
    const again = await runCommand(start('uninterrupted'));
    expect(again.status).toBe(1);
    expect(again.stderr).toContain(`${run('uninterrupted')} holds a finished run. Give another --out.`);
  });

  test('a run that was stopped: the way to resume is named; other data under the same path: refused', async () => {
    await runCommand(start('moved'), { signalAt: { signal: 'SIGKILL', line: 'Epoch 1/8' } });
    const again = await runCommand(start('moved'));
    expect(again.status).toBe(1);
    expect(again.stderr).toContain(`giemsa train --resume ${run('moved')}`);
    await drawInto(join(folder, 'other'), 200);
    const resumed = await runCommand(['train', '--resume', run('moved'), '--data', join(folder, 'other')]);
    expect(resumed.status).toBe(1);
    expect(resumed.stderr).toMatch(/the data changed/);
  });

  test('a damaged checkpoint is told', async () => {
    await runCommand(start('damaged'), { signalAt: { signal: 'SIGKILL', line: 'Epoch 2/8' } });
    writeFiles(run('damaged'), { 'checkpoint/state.bin': 'not a checkpoint' });
    const resumed = await runCommand(['train', '--resume', run('damaged')]);
    expect(resumed.status).toBe(1);
    expect(resumed.stderr).toMatch(/not a whole checkpoint/);
    expect(resumed.stderr).not.toMatch(/\n {4}at /);
  });
});
