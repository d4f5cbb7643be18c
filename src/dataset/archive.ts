import zlib from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';
import { checkFileSize, type Found } from './stored-file.ts';

/** What an archive may claim. The NIH set has 27,558 files and 340 MB. */
const mostEntries = 200_000;
const mostBytes = 8 * 1024 ** 3;
/** Images are packed already: what shrinks more than this (and is over 1 MiB) is a bomb. */
const mostRatio = 100;
const smallBytes = 1024 * 1024;

/** A zip archive: its files in stored order. `close()` lets reads under way end; a later read opens it anew. */
export interface Archive {
  files(): AsyncGenerator<Found>;
  close(): void;
}

/**
 * Opens a zip archive. Entries that are links, encrypted, too large, packed too well, of an unknown method, or whose
 * path leads out of the archive come as errors; nothing is ever written to disk.
 *
 * @throws GiemsaError `damaged-archive`, or `archive-too-large` for too many entries.
 */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openZip(path);
  if (zip.entryCount > mostEntries) {
    zip.close();
    throw new GiemsaError(
      'archive-too-large',
      `${path} holds ${zip.entryCount} entries, over the limit of ${mostEntries}`,
    );
  }
  let reads = 0;
  let closing = false;
  const closeIfIdle = () => {
    if (closing && reads === 0) zip.close();
  };
  const read = async (entry: Entry) => {
    const own = zip.isOpen ? zip : await openZip(path);
    reads++;
    try {
      return await readEntry(own, entry);
    } finally {
      reads--;
      if (own !== zip) own.close();
      closeIfIdle();
    }
  };
  return {
    files: () => archiveFiles(zip, path, read),
    close() {
      closing = true;
      closeIfIdle();
    },
  };
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, decodeStrings: false });
  } catch (error) {
    throw new GiemsaError('damaged-archive', `cannot read ${path} as a zip archive: ${fileError(error)}`, {
      cause: error,
    });
  }
}

async function* archiveFiles(
  zip: ZipFile,
  archive: string,
  read: (entry: Entry) => Promise<Uint8Array>,
): AsyncGenerator<Found> {
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      // Undecoded, as asked for with `decodeStrings`.
      const raw = entry.fileName as unknown as Buffer;
      const path = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
      const error = problemOf(entry, path);
      if (error) {
        yield { path, error };
        continue;
      }
      if (path.endsWith('/')) continue;
      total += entry.uncompressedSize;
      if (total > mostBytes) {
        throw new GiemsaError(
          'archive-too-large',
          `${archive} unpacks to more than ${mostBytes} bytes: unpack it first`,
        );
      }
      yield { path, size: entry.uncompressedSize, read: () => read(entry) };
    }
  } catch (error) {
    if (error instanceof GiemsaError) throw error;
    throw new GiemsaError('damaged-archive', `the zip archive ${archive} is damaged: ${fileError(error)}`, {
      cause: error,
    });
  }
}

function problemOf(entry: Entry, path: string): string | undefined {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (validateFileName(path) !== null) return 'its path leads out of the archive: not read';
  if (kind === 0o120000) return 'a link in an archive: not followed';
  if (entry.isEncrypted()) return 'encrypted: unpack the archive with its password first';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return `packed with method ${entry.compressionMethod}: pack the archive with deflate`;
  }
  if (entry.uncompressedSize > smallBytes && entry.uncompressedSize > mostRatio * entry.compressedSize) {
    return `unpacks to more than ${mostRatio} times its size (a decompression bomb): not read`;
  }
  return undefined;
}

/** The entry's bytes; yauzl ends the stream with an error when they are more or fewer than the archive says. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  checkFileSize(entry.uncompressedSize);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new GiemsaError('unreadable-file', `damaged in its archive: ${fileError(error)}`, { cause: error });
  }
  const bytes = Buffer.concat(chunks);
  // Node has it since 20.15.
  if (zlib.crc32 && zlib.crc32(bytes) !== entry.crc32) {
    throw new GiemsaError('unreadable-file', 'damaged in its archive: the checksum is wrong');
  }
  return bytes;
}
