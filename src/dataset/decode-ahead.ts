import { decodeImage } from '../cells/decode.ts';
import { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import type { Decoded } from './decode-task.ts';

/** Something to be decoded: the bytes of an image file, once asked for. */
export interface Encoded {
  read(): Promise<Uint8Array>;
}

/** An input with its image, or with what kept it from being read. */
export interface DecodedInput<Input> {
  readonly input: Input;
  readonly image: CellImage | GiemsaError;
}

/** Up to this many images are decoded in the calling thread: starting others takes longer. */
const FEW = 12;
/** Images a thread has at hand, so that it need not wait for the calling thread. */
const TASKS_PER_THREAD = 8;

/**
 * Decodes images in threads of their own, ahead of whoever takes them; they come in the order of the inputs. At most
 * `8 * threads` are in memory. Inputs that already failed pass through at their place.
 */
export async function* decodeAhead<Input extends Encoded | { readonly error: GiemsaError }>(
  inputs: AsyncIterable<Input>,
  threads: number,
): AsyncGenerator<DecodedInput<Input>> {
  const source = inputs[Symbol.asyncIterator]();
  const first: Input[] = [];
  for (let next = await source.next(); !next.done; next = await source.next()) {
    first.push(next.value);
    if (first.length > FEW) break;
  }
  if (first.length <= FEW) {
    for (const input of first) yield { input, image: await decoded(input, decodeImage) };
    return;
  }

  const pool = await startPool(threads);
  try {
    const ahead: Promise<DecodedInput<Input>>[] = [];
    const start = (input: Input) => {
      const result = decoded(input, pool.decode).then((image) => ({ input, image }));
      // Awaited below, in order; until then a failure is no unhandled rejection.
      result.catch(() => {});
      ahead.push(result);
    };
    first.forEach(start);
    let ended = false;
    while (ahead.length > 0) {
      while (!ended && ahead.length < TASKS_PER_THREAD * threads) {
        const next = await source.next();
        if (next.done) ended = true;
        else start(next.value);
      }
      yield await (ahead.shift() as Promise<DecodedInput<Input>>);
    }
  } finally {
    await pool.close();
  }
}

async function decoded(
  input: Encoded | { readonly error: GiemsaError },
  decode: (bytes: Uint8Array) => Promise<CellImage>,
): Promise<CellImage | GiemsaError> {
  if ('error' in input) return input.error;
  try {
    return await decode(await input.read());
  } catch (error) {
    if (error instanceof GiemsaError) return error;
    throw error;
  }
}

async function startPool(threads: number) {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: new URL('./decode-task.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: TASKS_PER_THREAD,
  });
  return {
    async decode(bytes: Uint8Array): Promise<CellImage> {
      const result: Decoded = await pool.run(bytes);
      if ('image' in result) return result.image;
      throw new GiemsaError(result.code, result.message);
    },
    close: () => pool.destroy(),
  };
}
