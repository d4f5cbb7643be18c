import { rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from '../dataset/file-error.ts';

/** A process at work on a run has a file in its folder, named by its id. */
const LOCK = /^\.(\d+)\.lock$/;

export function isLock(name: string): boolean {
  return LOCK.test(name);
}

/**
 * Does some work on the folder of a run, which is made; meanwhile no other process of this machine can. The file of one that was killed
 * hinders nobody and is removed.
 *
 * @throws GiemsaError `run-in-use`, `cannot-write`
 */
export async function withRunLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const own = join(folder, `.${process.pid}.lock`);
  const release = () => rmSync(own, { force: true });
  try {
    await mkdir(folder, { recursive: true });
    // Empty: that fits on a full disk, too.
    await writeFile(own, '');
  } catch (error) {
    throw new GiemsaError('cannot-write', `cannot write to ${folder}: ${fileError(error)}`, { cause: error });
  }
  // A second Ctrl-C ends the process at once.
  process.once('exit', release);
  try {
    // After its own: of two that start together, at least one sees the other.
    await refuseOthers(folder);
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function refuseOthers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(LOCK.exec(name)?.[1] ?? process.pid);
    if (pid === process.pid) continue;
    if (isAlive(pid)) {
      throw new GiemsaError(
        'run-in-use',
        `process ${pid} is at work on ${folder}: wait for its end, or stop it. If it is no training, delete ${join(folder, name)}.`,
      );
    }
    await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
