import { decodeImage } from '../cells/decode.ts';
import { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import type { Decoded } from './decode-task.ts';

/** An image file to be read, or why it cannot be. */
export type Encoded = { read(): Promise<Uint8Array> } | { readonly error: GiemsaError };

/** An input with its image, or with what kept it from being read. */
export interface DecodedInput<Input> {
  readonly input: Input;
  readonly image: CellImage | GiemsaError;
}

/** Up to this many images are decoded in the calling thread: starting others takes longer. */
const FEW = 8;
/** Images a thread has at hand, so that it need not wait for the calling thread. */
const TASKS_PER_THREAD = 4;

type Decode = (bytes: Uint8Array) => Promise<CellImage>;

/**
 * Reads and decodes images in threads of their own, ahead of whoever takes them; they come in the order of the inputs.
 * Memory does not grow with their number. Every input is read as soon as it comes, while its archive is still open.
 */
export async function* decodeAhead<Input extends Encoded>(
  inputs: AsyncIterable<Input>,
  threads: number,
): AsyncGenerator<DecodedInput<Input>> {
  const source = inputs[Symbol.asyncIterator]();
  try {
    yield* decodeFrom(source, threads);
  } finally {
    // Whoever takes no more images has no use for an open archive or list.
    await source.return?.();
  }
}

async function* decodeFrom<Input extends Encoded>(
  source: AsyncIterator<Input>,
  threads: number,
): AsyncGenerator<DecodedInput<Input>> {
  const few: { input: Input; file: Promise<Uint8Array | GiemsaError> }[] = [];
  let next = await source.next();
  for (; !next.done && few.length < FEW; next = await source.next()) {
    few.push({ input: next.value, file: readFile(next.value) });
  }
  if (next.done) {
    for (const { input, file } of few) yield { input, image: await decoded(file, decodeImage) };
    return;
  }

  const pool = await startPool(threads);
  try {
    const ahead: Promise<DecodedInput<Input>>[] = [];
    const start = (input: Input, file = readFile(input)) => {
      const result = decoded(file, pool.decode).then((image) => ({ input, image }));
      // Awaited below, in order; until then a failure is no unhandled rejection.
      result.catch(() => undefined);
      ahead.push(result);
    };
    for (const { input, file } of few) start(input, file);
    for (; !next.done; next = await source.next()) {
      start(next.value);
      while (ahead.length >= TASKS_PER_THREAD * threads) yield await (ahead.shift() as (typeof ahead)[0]);
    }
    for (const result of ahead) yield await result;
  } finally {
    await pool.close();
  }
}

function readFile(input: Encoded): Promise<Uint8Array | GiemsaError> {
  return 'error' in input ? Promise.resolve(input.error) : input.read().catch(expected);
}

async function decoded(
  file: Promise<Uint8Array | GiemsaError>,
  decode: Decode,
): Promise<CellImage | GiemsaError> {
  const bytes = await file;
  return bytes instanceof GiemsaError ? bytes : decode(bytes).catch(expected);
}

function expected(error: unknown): GiemsaError {
  if (error instanceof GiemsaError) return error;
  throw error;
}

async function startPool(threads: number): Promise<{ decode: Decode; close(): Promise<void> }> {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: new URL('./decode-task.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: TASKS_PER_THREAD,
  });
  return {
    async decode(bytes) {
      const result: Decoded = await pool.run(bytes);
      if ('image' in result) return result.image;
      throw new GiemsaError(result.code, result.message);
    },
    close: () => pool.destroy(),
  };
}
