import { existsSync } from 'node:fs';
import { GiemsaError } from '../cells/errors.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { RunPaths } from './run-folder.ts';

/**
 * What a run is gone on from. One that was killed before its first checkpoint has none: it starts again from the
 * beginning, which is told.
 *
 * @param settings digest of what must be the same
 * @throws GiemsaError `checkpoint-missing` where it was there once, `resume-mismatch`, `checkpoint-damaged`, `unreadable-file`
 */
export async function earlierCheckpoint(
  out: string,
  paths: Pick<RunPaths, 'checkpoint' | 'history'>,
  settings: string,
  note: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const checkpoint = await readCheckpoint(paths.checkpoint).catch((error: unknown) => {
    if (error instanceof GiemsaError && error.code === 'checkpoint-missing') return undefined;
    throw error;
  });
  if (checkpoint === undefined) {
    // Written after a checkpoint, never before.
    if (existsSync(paths.history)) {
      throw new GiemsaError(
        'checkpoint-missing',
        `${out} cannot be resumed: there is ${paths.history}, but ${paths.checkpoint} is gone. Put it back, or start a new run with another --out.`,
      );
    }
    note('Nothing was saved before the run stopped: training starts from the beginning.');
    return undefined;
  }
  if (checkpoint.settings === settings) return checkpoint;
  throw new GiemsaError(
    'resume-mismatch',
    `${out} cannot be resumed: its checkpoint is of other settings or other images. Start a new run with another --out.`,
  );
}
