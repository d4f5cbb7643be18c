import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then renamed. Missing folders
 * are made. When anything fails, what was there before is untouched and the temporary file is gone. A link stays one, to the new
 * file; a file that was there lends the new one its permissions.
 *
 * @throws GiemsaError `cannot-write`, naming the file and the reason (disk full, no permission, no regular file, ...).
 */
export async function writeFileWhole(path: string, data: string | Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const there = await existing(path);
    const target = there?.path ?? path;
    const folder = dirname(target);
    await makeFolder(folder);
    temporary = join(folder, `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
    const file = await open(temporary, 'wx', there?.mode);
    try {
      if (there) await file.chmod(there.mode);
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  }
}

/**
 * Finds out before long work whether files may be written to a folder, which may have yet to be made.
 * @throws GiemsaError `cannot-write`
 */
export async function checkFolder(folder: string): Promise<void> {
  try {
    await access(await nearestFolder(folder), constants.W_OK);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/**
 * The same for one file.
 * @throws GiemsaError `cannot-write`
 */
export async function checkFile(path: string): Promise<void> {
  try {
    const there = await existing(path);
    await access(await nearestFolder(dirname(there?.path ?? path)), constants.W_OK);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The file at the end of all links, where there is one. Renaming onto a device or a pipe would replace it by a file. */
async function existing(path: string): Promise<{ path: string; mode: number } | undefined> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await refuseDanglingLink(path);
    return undefined;
  }
  if (stats.isDirectory()) throw new GiemsaError('cannot-write', 'it is a folder, not a file');
  if (!stats.isFile()) throw new GiemsaError('cannot-write', 'it is there already, and no regular file');
  return { path: await realpath(path), mode: stats.mode & 0o777 };
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await refuseDanglingLink(folder);
    return nearestFolder(dirname(folder));
  }
  throw new GiemsaError('cannot-write', `${folder} is a file, not a folder`);
}

/** With all above it. Node's own way waits for ever where a folder above can hold none, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await make();
  }
}

/** Nothing is there, not even a link that leads nowhere: that would be replaced, or be in the way. */
async function refuseDanglingLink(path: string): Promise<void> {
  if (await lstat(path).catch(() => undefined)) {
    throw new GiemsaError('cannot-write', `${path} is a link that leads nowhere`);
  }
}

function cannotWrite(path: string, error: unknown): GiemsaError {
  const why = error instanceof GiemsaError ? error.message : fileError(error);
  return new GiemsaError('cannot-write', `cannot write ${path}: ${why}`, { cause: error });
}
