import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import type { Learner } from '../network/learner.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { historyCsv } from './history.ts';
import type { RunPaths } from './run-folder.ts';
import { type LoopState, type Place, toCheckpoint } from './state.ts';

/** Keeps what is needed to resume on the disk. */
export interface Saver {
  /** Whether the last checkpoint is old enough for a new one. */
  due(): boolean;
  /** Writes checkpoint and history. A full disk does not end training: it is told, and the last good checkpoint stays. */
  save(state: LoopState): Promise<void>;
  /** Where the last good checkpoint was taken; undefined where there is none yet. */
  saved(): Place | undefined;
}

export interface SaverOptions {
  readonly paths: RunPaths;
  readonly learner: Learner;
  readonly settings: string;
  /** Where the checkpoint on the disk was taken: that of a run that goes on. */
  readonly last: Place | undefined;
  readonly everySeconds: number;
  readonly onDiskFull: (message: string) => void;
}

export async function createSaver(options: SaverOptions): Promise<Saver> {
  const { paths, learner, settings } = options;
  await mkdir(dirname(paths.checkpoint), { recursive: true });
  let last = performance.now();
  let saved = options.last;
  return {
    due: () => performance.now() - last >= 1000 * options.everySeconds,
    async save(state) {
      try {
        await writeCheckpoint(paths.checkpoint, toCheckpoint(state, learner, settings));
        saved = { epoch: state.epoch, step: state.step };
        await writeFileWhole(paths.history, historyCsv(state.history));
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        const good = saved ? `epoch ${saved.epoch}, step ${saved.step}` : 'there is none yet';
        options.onDiskFull(`${error.message}. Free some space; the last good checkpoint (${good}) is kept.`);
      }
      // After a failure, too: a full disk is not tried again at every step.
      last = performance.now();
    },
    saved: () => saved,
  };
}

/** Whether a file could not be written because the disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): error is GiemsaError {
  const code = error instanceof GiemsaError && (error.cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
