import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then renamed. Missing folders
 * are made. When anything fails, what was there before is untouched and the temporary file is gone.
 *
 * @throws GiemsaError `cannot-write`, naming the file and the reason (disk full, no permission, ...).
 */
export async function writeFileWhole(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new GiemsaError('cannot-write', `cannot write ${path}: ${fileError(error)}`, { cause: error });
  }
}
