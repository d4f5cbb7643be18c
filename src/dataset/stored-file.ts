import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';

/** A file found in a folder or an archive; or why it is none, in one line. */
export type Found =
  | { readonly path: string; readonly size: number; read(): Promise<Uint8Array> }
  | { readonly path: string; readonly error: string };

/** Largest file that is read, in bytes: far above any image within the limits of pixels. */
export const mostFileBytes = 64 * 1024 * 1024;

/**
 * Reads a whole file, refusing more than 64 MiB (or `most`) and anything that is not a regular file (a pipe would wait for ever).
 *
 * @param name of the file in errors
 * @throws GiemsaError `unreadable-file` or `file-too-large`.
 */
export async function readFileBounded(path: string, name = 'it', most = mostFileBytes): Promise<Uint8Array> {
  try {
    // Opening a pipe that nobody writes to would wait for ever without O_NONBLOCK (0 where there is none).
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      if (!stats.isFile()) {
        const what = stats.isDirectory() ? 'it is a folder' : 'not a regular file';
        throw new GiemsaError('unreadable-file', `cannot read ${name}: ${what}`);
      }
      checkFileSize(stats.size, name, most);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof GiemsaError) throw error;
    throw new GiemsaError('unreadable-file', `cannot read ${name}: ${fileError(error)}`, { cause: error });
  }
}

/** @throws GiemsaError `file-too-large` */
export function checkFileSize(size: number, name = 'it', most = mostFileBytes): void {
  if (size > most) {
    throw new GiemsaError('file-too-large', `cannot read ${name}: ${size} bytes, over the limit of ${most}`);
  }
}

/** Order by code point, so that every machine and language sorts alike. */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above all others.
    const high = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    if (high(x) !== high(y)) return high(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}
