import { mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GiemsaError } from '../../cells/errors.ts';
import { fileError } from '../file-error.ts';
import { type DownloadTiming, download } from './download.ts';
import { openPart, type PartFile } from './part-file.ts';
import { checkFolder, unpackDataset } from './unpack.ts';

/** A published data set: a zip archive with one subfolder per label. */
export interface DatasetSource {
  /** As `the NIH set`. */
  readonly title: string;
  /** Of the folder that is made. */
  readonly name: string;
  /** The second is tried when the first fails, and so on. */
  readonly addresses: readonly string[];
  /** SHA-256 over the sorted lines `Parasitized/name sha256`, `Uninfected/name sha256`, joined by line feeds. */
  readonly fingerprint: string;
  /** Most bytes of the archive, and most that it may unpack to. */
  readonly mostBytes: number;
  readonly citation: string;
  readonly terms: string;
}

export interface FetchOptions {
  /** `done` and `total` are bytes while `downloading`, cells while `unpacking`; a total that is not known is null. */
  readonly onProgress?: (step: 'downloading' | 'unpacking', done: number, total: number | null) => void;
  /** What the user should know, such as that the next address is tried. */
  readonly onNote?: (text: string) => void;
  /** Aborted, it stops at once; what was downloaded is kept. */
  readonly signal?: AbortSignal;
  readonly timing?: DownloadTiming;
}

export interface FetchedDataset {
  readonly folder: string;
  readonly cells: number;
  /** It was there before, whole. */
  readonly already: boolean;
}

/**
 * Downloads a data set, checks it, and makes the folder `NAME` in `out`, whole or not at all. An interrupted download leaves
 * `NAME.zip.part` with `NAME.zip.part.json`, and the next call goes on with it; nothing else is ever left.
 *
 * @throws GiemsaError `download-failed` or `download-too-large`; `wrong-checksum`, `unsafe-archive`, `damaged-archive` and
 *   others of archives; `folder-in-the-way`; `cannot-write`. The message names every address and why it failed.
 */
export async function fetchDataset(
  source: DatasetSource,
  out: string,
  options: FetchOptions = {},
): Promise<FetchedDataset> {
  const folder = join(out, source.name);
  if (await exists(folder)) return { folder, already: true, cells: await checkPresent(folder, source) };
  const unpacked = join(out, `.${source.name}.unpacking`);
  const made = await written(out, mkdir(out, { recursive: true }));
  const part = await openPart(join(out, `${source.name}.zip.part`));
  try {
    // A kill may have left it.
    await written(out, rm(unpacked, { recursive: true, force: true }));
    const cells = await fromAnyAddress(source, part, unpacked, options);
    await written(out, rename(unpacked, folder));
    await part.remove();
    return { folder, cells, already: false };
  } finally {
    if (part.size === 0) await part.remove();
    await part.close();
    await rm(unpacked, { recursive: true, force: true });
    // Only where it is empty.
    if (made !== undefined) await rmdir(out).catch(() => undefined);
  }
}

async function written<T>(out: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new GiemsaError('cannot-write', `cannot write into ${out}: ${fileError(error)}`, { cause: error });
  }
}

async function fromAnyAddress(
  source: DatasetSource,
  part: PartFile,
  unpacked: string,
  options: FetchOptions,
): Promise<number> {
  const failures: string[] = [];
  let code = '';
  for (const address of source.addresses) {
    try {
      return await fromAddress(address, source, part, unpacked, options);
    } catch (error) {
      // Neither a full disk nor Ctrl-C gets better with another address.
      if (!(error instanceof GiemsaError) || error.code === 'cannot-write') throw error;
      failures.push(`${address}: ${error.message}`);
      ({ code } = error);
      if (failures.length < source.addresses.length)
        options.onNote?.(`${failures.at(-1)}. Trying another address.`);
    }
  }
  const kept = part.size > 0 ? `. The ${part.size} bytes that came are kept: run it again to go on` : '';
  throw new GiemsaError(code, `cannot fetch ${source.title}: ${failures.join('; ')}${kept}`);
}

/** @returns the number of cells, which are in `unpacked`, checked */
async function fromAddress(
  address: string,
  { mostBytes, fingerprint, title }: DatasetSource,
  part: PartFile,
  unpacked: string,
  { onProgress, signal, timing }: FetchOptions,
): Promise<number> {
  try {
    await download(address, part, {
      mostBytes,
      signal,
      timing,
      onProgress: (done, total) => onProgress?.('downloading', done, total),
    });
    const found = await unpackDataset(part.path, unpacked, {
      mostBytes,
      signal,
      onProgress: (done, total) => onProgress?.('unpacking', done, total),
    });
    if (found.fingerprint === fingerprint) return found.cells;
    throw new GiemsaError(
      'wrong-checksum',
      `what it holds is not ${title} as published (fingerprint ${found.fingerprint}, expected ${fingerprint})`,
    );
  } catch (error) {
    await rm(unpacked, { recursive: true, force: true });
    // Going on with a bad archive would give a bad archive.
    if (error instanceof GiemsaError && !KEEPS.includes(error.code)) await part.begin(EMPTY);
    throw error;
  }
}

/** After these, what was downloaded is still good. */
const KEEPS = ['download-failed', 'cannot-write'];
const EMPTY = { address: '', validator: null, total: null };

/** @throws GiemsaError `folder-in-the-way` where it is not the published set */
async function checkPresent(folder: string, { fingerprint, title }: DatasetSource): Promise<number> {
  const present = await checkFolder(folder).catch((error: unknown) => {
    if (error instanceof GiemsaError) return undefined;
    throw error;
  });
  if (present?.fingerprint === fingerprint) return present.cells;
  throw new GiemsaError(
    'folder-in-the-way',
    `${folder} exists, and is not ${title} as published: move it away, or give another --out`,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
