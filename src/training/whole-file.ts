import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all: under a temporary name, forced to the disk, then renamed over the old one. After
 * a kill or on a full disk the old file is still there, unharmed.
 * @throws the system's error (`code` ENOSPC, EACCES, ...); the temporary file is gone then
 */
export async function writeWholeFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const part of parts) await writeAll(file, part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** One `write` may write less than it was given, on a disk that fills up. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let from = 0;
  while (from < bytes.length) from += (await file.write(bytes, from)).bytesWritten;
}

/** The rename itself has to reach the disk, too. Not every system can open a folder; there it is left to the system. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows: EISDIR or EPERM. The file's own bytes are safe.
  }
}
