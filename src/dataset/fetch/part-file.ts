import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { GiemsaError } from '../../cells/errors.ts';
import { fileError } from '../file-error.ts';
import { writeFileWhole } from '../write-file.ts';

/** What a download has to know to go on with a file later. */
const sourceSchema = v.object({
  address: v.string(),
  /** ETag or date of the file on the server: with another, the parts would not fit together. */
  validator: v.nullable(v.string()),
  /** Bytes of the whole file, where the server said so. */
  total: v.nullable(v.number()),
});
export type PartSource = v.InferOutput<typeof sourceSchema>;

/** A file that is being downloaded, `NAME.part`; beside it `NAME.part.json` says from where. */
export interface PartFile {
  readonly path: string;
  /** Bytes that have come. */
  readonly size: number;
  /** Undefined where nothing is known: then there is nothing to go on with. */
  readonly source: PartSource | undefined;
  /** Empties the file. */
  begin(source: PartSource): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Closes it, and takes both files away. */
  remove(): Promise<void>;
}

/** Opens what an interrupted download has left, or an empty file. @throws GiemsaError `cannot-write` */
export async function openPart(path: string): Promise<PartFile> {
  const sidecar = `${path}.json`;
  let source = await readSource(sidecar);
  const written = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new GiemsaError('cannot-write', `cannot write ${path}: ${fileError(error)}`, { cause: error });
    }
  };
  // Always at its end: after it was emptied, too.
  let file: FileHandle | undefined = await written(open(path, 'a+'));
  if (!source) await written(file.truncate(0));
  let { size } = await written(file.stat());
  const close = async () => {
    await file?.close();
    file = undefined;
  };
  return {
    path,
    get size() {
      return size;
    },
    get source() {
      return source;
    },
    async begin(from) {
      // In this order: a kill in between leaves an empty file, which goes on from 0.
      await written(file?.truncate(0) ?? Promise.resolve());
      size = 0;
      source = from;
      await writeFileWhole(sidecar, `${JSON.stringify(from)}\n`);
    },
    async append(bytes) {
      await written(file?.appendFile(bytes) ?? Promise.resolve());
      size += bytes.length;
    },
    close,
    async remove() {
      await close();
      await Promise.all([path, sidecar].map((name) => rm(name, { force: true })));
    },
  };
}

async function readSource(path: string): Promise<PartSource | undefined> {
  try {
    return v.parse(sourceSchema, JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
