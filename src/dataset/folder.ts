import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';
import { byCodePoint, type Found, readFileBounded } from './stored-file.ts';

/** Deeper folders are not looked into. */
const mostDepth = 32;
/** Sizes asked for at once: one by one, the set of 27,558 cells would take seconds. */
const together = 256;

/**
 * All files of a folder, recursively, each folder in code point order; paths are relative, with `/`. A link is followed
 * when what it names lies inside the folder, or anywhere with `links: 'anywhere'`; one that leads out, nowhere or in a
 * circle comes as an error.
 */
export async function* walkFolder(
  root: string,
  links: 'inside' | 'anywhere' = 'inside',
): AsyncGenerator<Found> {
  let realRoot: string;
  try {
    realRoot = await realpath(root);
  } catch (error) {
    throw new GiemsaError('unreadable-file', `cannot read the folder ${root}: ${fileError(error)}`, {
      cause: error,
    });
  }
  yield* walk(root, '', [realRoot], links === 'inside' ? realRoot : undefined);
}

/** `above`: the real paths of this folder and those around it; `fence`: links must stay in it. */
async function* walk(
  root: string,
  inner: string,
  above: string[],
  fence: string | undefined,
): AsyncGenerator<Found> {
  let entries: Dirent[];
  let sizes: (number | Error)[] = [];
  try {
    entries = await listSorted(join(root, inner));
  } catch (error) {
    yield { path: inner || '.', error: `cannot read the folder: ${fileError(error)}` };
    return;
  }
  for (const [i, entry] of entries.entries()) {
    const path = inner ? `${inner}/${entry.name}` : entry.name;
    const full = join(root, path);
    if (i % together === 0) sizes = await fileSizes(join(root, inner), entries.slice(i, i + together));
    try {
      if (entry.isFile()) {
        const size = sizes[i % together];
        if (size instanceof Error) throw size;
        yield { path, size, read: () => readFileBounded(full) };
        continue;
      }
      const real = entry.isSymbolicLink() ? await realpath(full) : undefined;
      if (real && fence && !inside(real, fence)) {
        yield { path, error: 'a link that leads out of the folder: not followed' };
        continue;
      }
      const stats = await stat(full);
      if (stats.isDirectory()) {
        const next = real ?? join(above[above.length - 1], entry.name);
        if (above.includes(next)) yield { path, error: 'a link that leads in a circle: not followed' };
        else if (above.length > mostDepth)
          yield { path, error: `more than ${mostDepth} folders deep: not read` };
        else yield* walk(root, path, [...above, next], fence);
      } else if (stats.isFile()) {
        yield { path, size: stats.size, read: () => readFileBounded(full) };
      } else {
        yield { path, error: 'not a regular file (a pipe, socket or device)' };
      }
    } catch (error) {
      yield { path, error: `cannot read it: ${fileError(error)}` };
    }
  }
}

/** The sizes of the files among some entries; 0 for all else. */
async function fileSizes(folder: string, entries: readonly Dirent[]): Promise<(number | Error)[]> {
  return Promise.all(
    entries.map(async (entry) => {
      if (!entry.isFile()) return 0;
      return stat(join(folder, entry.name)).then(
        (stats) => stats.size,
        (error: Error) => error,
      );
    }),
  );
}

async function listSorted(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
