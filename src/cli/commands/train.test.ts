import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder, writeFiles } from '../../../test/support/temporary.ts';
import { GiemsaError } from '../../cells/errors.ts';
import { evaluatePart } from '../../evaluation/evaluate.ts';
import type { TrainingResult } from '../../training/options.ts';
import { runTraining } from '../../training/train.ts';
import { openEarlierRun } from '../open-run.ts';
import { register } from './train.ts';

vi.mock('../../training/train.ts');
vi.mock('../open-run.ts');

const folder = temporaryFolder();
const status = process.exitCode;
beforeEach(() => {
  vi.mocked(openEarlierRun).mockImplementation(async (out) => ({
    training: { out } as never,
    close: async () => {},
  }));
});
afterEach(() => {
  process.exitCode = status;
  vi.restoreAllMocks();
});

const stopped: TrainingResult = {
  ...{ status: 'interrupted', at: undefined, saved: undefined, leftOut: 0, metrics: undefined },
};

/** What `giemsa train` prints where the training has this result, or fails so. */
async function printed(result: TrainingResult | Error, ...args: string[]) {
  vi.mocked(runTraining).mockImplementation(async () => {
    if (result instanceof Error) throw result;
    return result;
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
  const program = new Command();
  register(program);
  const done = program.parseAsync(['train', ...args], { from: 'user' });
  if (result instanceof Error) await expect(done).rejects.toBe(result);
  else await done;
  return written;
}

describe('stopped, the command says what is saved', () => {
  const at = { epoch: 3, step: 5 };
  test.each([
    [{ at, saved: at }, 'Stopped in epoch 3 after step 5, saved.'],
    [
      { at, saved: { epoch: 3, step: 0 }, status: 'out of time' as const },
      'The time is used up: stopped in epoch 3 after step 5, but saved only up to epoch 3, step 0.',
    ],
    [
      { at, saved: undefined },
      'Stopped in epoch 3 after step 5, but nothing could be saved: training will start again.',
    ],
    [{ at: { epoch: 3, step: 0 }, saved: { epoch: 3, step: 0 } }, 'Stopped after epoch 2, saved.'],
    [{}, 'Stopped while reading images.'],
  ])('%j', async (result, text) => {
    const { stderr } = await printed({ ...stopped, ...result }, '--resume', 'run');
    expect(stderr).toContain(`${text} Go on with: giemsa train --resume run\n`);
  });
});

test('on a full disk, the way to go on is named where there is one', async () => {
  const full = new GiemsaError('cannot-write', 'cannot write it: the disk is full', {
    cause: { code: 'ENOSPC' },
  });
  writeFiles(folder, { 'begun/run.json': '{}' });
  const stderrOf = async (name: string) => (await printed(full, '--resume', join(folder, name))).stderr;
  expect(await stderrOf('begun')).toContain(`go on with: giemsa train --resume ${join(folder, 'begun')}`);
  expect(await stderrOf('not-begun')).toBe('');
});

test('--quiet prints the figures, and nothing else', async () => {
  const predictions = (['parasitized', 'uninfected'] as const).map((label, i) => ({
    ...{ name: `${i}.png`, label, patient: `P${i}`, part: 'test', probability: 1 - i },
  }));
  const protocol = {
    protocol: 'patient-disjoint',
    recipe: 'demo',
    labelSet: 'published',
    part: 'test',
  } as const;
  const metrics = evaluatePart(predictions, protocol);
  const finished = { ...stopped, status: 'finished' as const, metrics };
  const loud = await printed(finished, '--resume', 'run');
  expect(loud.stdout).toMatch(/ROC AUC +1\.0000/);
  expect(await printed(finished, '--resume', 'run', '--quiet')).toEqual({ ...loud, stderr: '' });
});
