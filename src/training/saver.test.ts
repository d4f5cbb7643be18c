import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { GiemsaError } from '../cells/errors.ts';
import type { Learner } from '../network/learner.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { runPaths } from './run-folder.ts';
import { createSaver } from './saver.ts';
import { type Place, startOfTraining } from './state.ts';

vi.mock('./checkpoint.ts');

const folder = mkdtempSync(join(tmpdir(), 'giemsa-saver-'));
afterAll(() => rmSync(folder, { recursive: true }));

const diskFull = new GiemsaError('cannot-write', 'cannot write state.bin: the disk is full', {
  cause: { code: 'ENOSPC' },
});
const learner = { state: () => new Map() } as unknown as Learner;

async function saving(last: Place | undefined, fails: boolean[]) {
  const notes: string[] = [];
  const saver = await createSaver({
    paths: runPaths(folder),
    learner,
    settings: '',
    last,
    everySeconds: 0,
    onDiskFull: (message) => notes.push(message),
  });
  for (const [i, fail] of fails.entries()) {
    if (fail) vi.mocked(writeCheckpoint).mockRejectedValueOnce(diskFull);
    await saver.save({ ...startOfTraining(0), epoch: 4, step: 8 + i });
  }
  return { notes, saved: saver.saved() };
}

test.each([
  ['a new run has none', undefined, [true], 'there is none yet', undefined],
  ['a resumed run has the one it goes on from', { epoch: 3, step: 7 }, [true], 'epoch 3, step 7', [3, 7]],
  ['then the last that was written', { epoch: 3, step: 7 }, [false, true], 'epoch 4, step 8', [4, 8]],
])('the last good checkpoint when the disk is full: %s', async (_, last, fails, text, place) => {
  const { notes, saved } = await saving(last, fails);
  expect(notes).toEqual([expect.stringContaining(`the last good checkpoint (${text}) is kept`)]);
  expect(saved && [saved.epoch, saved.step]).toEqual(place);
});
