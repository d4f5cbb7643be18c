import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';
import { walkFolder } from './folder.ts';
import { ignoredReason } from './image-names.ts';
import { type Found, readFileBounded } from './stored-file.ts';

/** What `classify` is given, one by one: an image to read, an input that cannot be read, or a file passed over. */
export type Input =
  | { readonly file: string; read(): Promise<Uint8Array> }
  | { readonly file: string; readonly error: GiemsaError }
  | { readonly file: string; readonly ignored: string };

/**
 * The images of files, folders (recursively) and zip archives, one path or several, in order. In a folder or archive, files with the ending
 * of an image are images and all others come as ignored; a file given by its own path is always an image, unless its
 * first bytes are those of a zip archive. `file` is the path as given, plus the path within. Nothing is read ahead:
 * memory does not grow with the number of images, nor with that of paths.
 */
export async function* readInputs(
  paths: string | Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<Input> {
  // A text is a sequence of letters, too.
  for await (const path of typeof paths === 'string' ? [paths] : paths) {
    try {
      const stats = await stat(path);
      if (stats.isDirectory()) {
        yield* inputsOf(path, walkFolder(path));
      } else if (stats.isFile() && (await isZip(path))) {
        const { openArchive } = await import('./archive.ts');
        const archive = await openArchive(path);
        try {
          yield* inputsOf(path, archive.files());
        } finally {
          archive.close();
        }
      } else {
        yield { file: path, read: () => readFileBounded(path) };
      }
    } catch (error) {
      if (error instanceof GiemsaError) yield { file: path, error };
      else
        yield {
          file: path,
          error: new GiemsaError('unreadable-file', `cannot read it: ${fileError(error)}`),
        };
    }
  }
}

async function* inputsOf(root: string, found: AsyncIterable<Found>): AsyncGenerator<Input> {
  const prefix = root.replace(/[/\\]+$/, '') || root;
  for await (const entry of found) {
    const file = entry.path === '.' ? root : `${prefix}/${entry.path}`;
    const ignored = ignoredReason(basename(entry.path));
    if ('error' in entry) {
      // Whatever a broken link or a bomb is called, the user should know of it, but for hidden files.
      if (ignored === 'dot file' && entry.path !== '.') yield { file, ignored };
      else yield { file, error: new GiemsaError('unreadable-file', entry.error) };
    } else if (ignored) {
      yield { file, ignored };
    } else {
      yield { file, read: entry.read };
    }
  }
}

/** By its first bytes: a local file, or the end record of an empty archive. */
async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0);
    if (bytesRead < 4 || buffer[0] !== 0x50 || buffer[1] !== 0x4b) return false;
    return (buffer[2] === 3 && buffer[3] === 4) || (buffer[2] === 5 && buffer[3] === 6);
  } finally {
    await file.close();
  }
}
