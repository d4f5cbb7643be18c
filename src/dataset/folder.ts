import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';
import { byCodePoint, type Found, readFileBounded } from './stored-file.ts';

/** Deeper folders are not looked into. */
const mostDepth = 32;
/** As of an archive. The NIH set has 27,558 files. */
const mostEntries = 200_000;
/** Sizes asked for at once: one by one, the set of 27,558 cells would take seconds. */
const together = 256;

/**
 * All files of a folder, recursively, each folder in code point order; paths are relative, with `/`. A link is followed
 * when what it names lies inside the folder, or anywhere with `links: 'anywhere'`; one that leads out, nowhere or in a
 * circle comes as an error, and so does a folder that was walked before under another path.
 *
 * @throws GiemsaError `unreadable-file`, or `folder-too-large` for too many entries.
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
  const fence = links === 'inside' ? realRoot : undefined;
  yield* walk({ root, fence, walked: new Map([[realRoot, '.']]), entries: 0 }, '', [realRoot]);
}

/** What all folders of one walk share. */
interface Walk {
  readonly root: string;
  /** Links must stay in it. */
  readonly fence: string | undefined;
  /**
   * The path under which each folder was walked, by its real path. Each is walked once: with two links a folder, 30
   * folders would otherwise be a thousand million.
   */
  readonly walked: Map<string, string>;
  entries: number;
}

/** `above`: the real paths of this folder and those around it. */
async function* walk(state: Walk, inner: string, above: string[]): AsyncGenerator<Found> {
  const { root } = state;
  let entries: Dirent[];
  let sizes: (number | Error)[] = [];
  try {
    entries = await listSorted(join(root, inner));
  } catch (error) {
    yield { path: inner || '.', error: `cannot read the folder: ${fileError(error)}` };
    return;
  }
  state.entries += entries.length;
  if (state.entries > mostEntries) {
    throw new GiemsaError('folder-too-large', `${root} holds more than ${mostEntries} files and folders`);
  }
  for (const [i, entry] of entries.entries()) {
    const path = inner ? `${inner}/${entry.name}` : entry.name;
    if (i % together === 0) sizes = await fileSizes(join(root, inner), entries.slice(i, i + together));
    const found = await look(state, path, entry, sizes[i % together], above);
    if (typeof found === 'string') yield* walk(state, path, [...above, found]);
    else yield found;
  }
}

/** What an entry is: a file, an error, or the real path of a folder to walk. */
async function look(
  { root, fence, walked }: Walk,
  path: string,
  entry: Dirent,
  size: number | Error,
  above: readonly string[],
): Promise<Found | string> {
  const full = join(root, path);
  try {
    if (entry.isFile()) {
      if (size instanceof Error) throw size;
      return { path, size, read: () => readFileBounded(full) };
    }
    const real = entry.isSymbolicLink() ? await realpath(full) : undefined;
    if (real && fence && !inside(real, fence)) {
      return { path, error: 'a link that leads out of the folder: not followed' };
    }
    const stats = await stat(full);
    if (stats.isFile()) return { path, size: stats.size, read: () => readFileBounded(full) };
    if (!stats.isDirectory()) return { path, error: 'not a regular file (a pipe, socket or device)' };
    const next = real ?? join(above[above.length - 1], entry.name);
    if (above.includes(next)) return { path, error: 'a link that leads in a circle: not followed' };
    if (above.length > mostDepth) return { path, error: `more than ${mostDepth} folders deep: not read` };
    const before = walked.get(next);
    if (before !== undefined)
      return { path, error: `the same folder as ${before}, which is read: not read again` };
    walked.set(next, path);
    return next;
  } catch (error) {
    return { path, error: `cannot read it: ${fileError(error)}` };
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
