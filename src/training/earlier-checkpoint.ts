import { existsSync } from 'node:fs';
import { GiemsaError } from '../cells/errors.ts';
import { readTextFile } from '../dataset/text-file.ts';
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
    const epochs = await epochsOf(paths.history);
    if (epochs > 0) {
      throw new GiemsaError(
        'checkpoint-missing',
        `${out} cannot be resumed: ${paths.history} has ${epochs} epochs, but ${paths.checkpoint} is gone. Put it back, or start a new run with another --out.`,
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

/** Lines of history.csv after its first. */
async function epochsOf(history: string): Promise<number> {
  if (!existsSync(history)) return 0;
  return (await readTextFile(history)).trimEnd().split('\n').length - 1;
}
