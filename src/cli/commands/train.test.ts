import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TrainingResult } from '../../training/options.ts';
import { runTraining } from '../../training/train.ts';
import { openEarlierRun } from '../open-run.ts';
import { register } from './train.ts';

vi.mock('../../training/train.ts');
vi.mock('../open-run.ts');

const status = process.exitCode;
beforeEach(() => {
  vi.mocked(openEarlierRun).mockResolvedValue({ training: { out: 'run' } as never, close: async () => {} });
});
afterEach(() => {
  process.exitCode = status;
  vi.restoreAllMocks();
});

/** What `giemsa train --resume run` prints where the training has this result. */
async function printed(result: Partial<TrainingResult>): Promise<string> {
  vi.mocked(runTraining).mockResolvedValue({
    ...{ status: 'interrupted', at: undefined, saved: undefined, leftOut: 0, metrics: undefined },
    ...result,
  });
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command();
  register(program);
  await program.parseAsync(['train', '--resume', 'run'], { from: 'user' });
  return stderr.mock.calls.join('');
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
    [{}, 'Stopped while reading images.'],
  ])('%j', async (result, text) => {
    expect(await printed(result)).toContain(`${text} Go on with: giemsa train --resume run\n`);
  });
});
