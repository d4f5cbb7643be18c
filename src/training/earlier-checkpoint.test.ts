import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../../test/support/temporary.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { earlierCheckpoint } from './earlier-checkpoint.ts';
import { historyCsv } from './history.ts';
import { runPaths } from './run-folder.ts';
import { startOfTraining, toCheckpoint } from './state.ts';

const folder = temporaryFolder();
const learner = { state: () => new Map() } as never;
const figures = { loss: 1, accuracy: 1, rocAuc: 1, sensitivity: 1, specificity: 1 };
const row = { epoch: 1, learningRate: 1, train: figures, val: undefined, seconds: 1 };

/** A run with so many epochs in its history, or none yet, with a checkpoint of these settings or without; and what it is gone on from. */
async function resume(name: string, epochs: number | undefined, settings?: string) {
  const out = join(folder, name);
  const paths = runPaths(out);
  if (epochs !== undefined) writeFiles(out, { 'history.csv': historyCsv(Array(epochs).fill(row)) });
  if (settings) await writeCheckpoint(paths.checkpoint, toCheckpoint(startOfTraining(0), learner, settings));
  const notes: string[] = [];
  const checkpoint = await earlierCheckpoint(out, paths, 'same', (message) => notes.push(message));
  return { checkpoint, notes };
}

test('a run is gone on from its checkpoint, and nothing is said', async () => {
  expect(await resume('saved', 1, 'same')).toMatchObject({ checkpoint: { epoch: 1, step: 0 }, notes: [] });
});

test('a run without one, killed in its first epoch, starts again, and that is said', async () => {
  const { checkpoint, notes } = await resume('early', undefined);
  expect(checkpoint).toBeUndefined();
  expect(notes).toEqual([expect.stringContaining('from the beginning')]);
});

test('a run whose checkpoint is gone is refused: its history would be written over', async () => {
  // Even within the first epoch: a history is written after each checkpoint.
  for (const epochs of [0, 2]) {
    await expect(resume(`gone-${epochs}`, epochs)).rejects.toMatchObject({
      code: 'checkpoint-missing',
      message: expect.stringMatching(/there is .*history\.csv, but .*state\.bin is gone\. Put it back/),
    });
  }
});

test('a checkpoint of other settings is refused', async () => {
  await expect(resume('other', 1, 'other')).rejects.toMatchObject({ code: 'resume-mismatch' });
});
