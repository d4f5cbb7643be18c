import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GiemsaError } from '../../cells/errors.ts';
import { openArchive } from '../archive.ts';
import { type Cell, type Dataset, type Label, openDataset } from '../dataset.ts';
import { fileError } from '../file-error.ts';
import { sha256Lines } from '../split.ts';

/** Names of the label folders, as published. */
const FOLDERS: Readonly<Record<Label, string>> = { parasitized: 'Parasitized', uninfected: 'Uninfected' };
/** Files read and written at once. */
const TOGETHER = 32;

export interface CheckedCells {
  readonly cells: number;
  /** SHA-256 over the sorted lines `Folder/name sha256`. */
  readonly fingerprint: string;
}

export interface UnpackOptions {
  readonly mostBytes: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the images of a zip archive's two label folders into `Parasitized` and `Uninfected` of a new folder; whatever
 * else is in the archive is left there. Only names within these two folders are ever written.
 *
 * @returns what was written
 * @throws GiemsaError `unsafe-archive` for an entry that leads out, is a link or a bomb; `damaged-archive`,
 *   `archive-too-large`, `no-label-folders`, `cannot-write`
 */
export async function unpackDataset(
  archive: string,
  folder: string,
  { mostBytes, onProgress, signal }: UnpackOptions,
): Promise<CheckedCells> {
  await checkEntries(archive, mostBytes);
  const dataset = await openDataset(archive);
  try {
    await Promise.all(Object.values(FOLDERS).map((name) => mkdir(join(folder, name), { recursive: true })));
    return await hashCells(dataset, async ({ label, name }, bytes, done) => {
      signal?.throwIfAborted();
      await writeFile(join(folder, FOLDERS[label], name), bytes, { flag: 'wx' });
      onProgress(done, dataset.cells.length);
    });
  } catch (error) {
    if (error instanceof GiemsaError || signal?.aborted) throw error;
    throw new GiemsaError('cannot-write', `cannot unpack into ${folder}: ${fileError(error)}`, {
      cause: error,
    });
  } finally {
    await dataset.close();
  }
}

/** The same of a folder that was unpacked before. */
export async function checkFolder(folder: string): Promise<CheckedCells> {
  const dataset = await openDataset(folder);
  try {
    return await hashCells(dataset, async () => {});
  } finally {
    await dataset.close();
  }
}

/** One bad entry and the whole archive is refused: somebody has tampered with it. */
async function checkEntries(path: string, mostBytes: number): Promise<void> {
  const archive = await openArchive(path);
  let total = 0;
  try {
    for await (const found of archive.files()) {
      if ('error' in found) {
        throw new GiemsaError(
          'unsafe-archive',
          `the archive is refused because of its entry ${found.path.slice(0, 200)}: ${found.error}`,
        );
      }
      total += found.size;
      if (total > mostBytes) {
        throw new GiemsaError('archive-too-large', `the archive unpacks to more than ${mostBytes} bytes`);
      }
    }
  } finally {
    archive.close();
  }
}

async function hashCells(
  { cells }: Dataset,
  use: (cell: Cell, bytes: Uint8Array, done: number) => Promise<void>,
): Promise<CheckedCells> {
  const lines: string[] = [];
  const one = async (cell: Cell) => {
    const bytes = await readCell(cell);
    const hash = createHash('sha256').update(bytes).digest('hex');
    lines.push(`${FOLDERS[cell.label]}/${cell.name} ${hash}`);
    await use(cell, bytes, lines.length);
  };
  for (let from = 0; from < cells.length; from += TOGETHER) {
    const results = await Promise.allSettled(cells.slice(from, from + TOGETHER).map(one));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
  return { cells: cells.length, fingerprint: sha256Lines(lines) };
}

async function readCell({ read, label, name }: Cell): Promise<Uint8Array> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError('damaged-archive', `${FOLDERS[label]}/${name}: ${error.message}`, { cause: error });
  }
}
