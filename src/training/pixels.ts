import { Tinypool } from 'tinypool';
import { GiemsaError, inFile } from '../cells/errors.ts';
import type { Cell } from '../dataset/dataset.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { CellsAs, FillFailure, FillTask } from './fill-task.ts';
import { createPixelCache } from './pixel-cache.ts';

/** One batch to come: which cells, and what is done to them. */
export interface BatchRequest {
  readonly cells: Uint32Array;
  readonly as: CellsAs;
}

/** One batch as the network reads it; `pixels` is valid until the next one is asked for. */
export interface Batch<Request extends BatchRequest> {
  readonly request: Request;
  /** [cells, height, width, 3] */
  readonly pixels: Float32Array;
}

/** What the training loop knows of images: a stream of finished batches, in the order of the requests. */
export interface PixelSource {
  batches<Request extends BatchRequest>(requests: Iterable<Request>): AsyncGenerator<Batch<Request>, void>;
}

export interface PixelPool extends PixelSource {
  /** Decodes every cell once; what fits stays in the cache. @returns the cells that cannot be read, with the reason */
  readAll(onRead: (done: number) => void, signal?: AbortSignal): Promise<Map<number, string>>;
  /** Seconds the stream had nothing ready when it was asked. */
  waited(): number;
  close(): Promise<void>;
}

export interface PixelPoolOptions {
  readonly recipe: Pick<Recipe, 'preprocessing' | 'augmentation'>;
  /** Cells are named by their position in this list; augmentation depends on seed, epoch and that position. */
  readonly cells: readonly Pick<Cell, 'path' | 'read'>[];
  readonly batch: number;
  readonly seed: number;
  readonly threads: number;
  readonly cacheBytes: number;
}

/** Buffers: one is being used, the others are made ahead of the step. */
const BUFFERS = 5;
/** Tasks a thread has at hand, so that it need not wait for the main thread, which may be in the middle of a step. */
const TASKS_PER_THREAD = 4;

/**
 * Decodes, fits and augments in threads of their own. The pixels of a batch depend only on seed, epoch and cells, so
 * neither the number of threads nor the size of the cache changes them.
 * @throws GiemsaError `out-of-memory` where there is no room for the batches
 */
export function createPixelPool(options: PixelPoolOptions): PixelPool {
  const { cells, recipe, seed } = options;
  // Before any thread is started: this may fail.
  const buffers = batchBuffers(options);
  const cache = createPixelCache(options.cacheBytes);
  const threads = new Tinypool({
    filename: new URL('./fill-task.js', import.meta.url).href,
    minThreads: options.threads,
    maxThreads: options.threads,
    concurrentTasksPerWorker: TASKS_PER_THREAD,
  });
  const imageSize = recipe.preprocessing.height * recipe.preprocessing.width * 3;
  let waited = 0;

  async function fill({ cells: wanted, as }: BatchRequest, out: SharedArrayBuffer): Promise<void> {
    const sources = await Promise.all(
      // It could be read before, so nobody expects that it fails: errors name the file.
      Array.from(
        wanted,
        async (cell) =>
          cache.place(cell) ?? { bytes: await inFile(cells[cell].path, () => cells[cell].read()) },
      ),
    );
    const task: FillTask = { recipe, seed, as, cells: wanted, sources, slabs: cache.slabs, out };
    const failure: FillFailure | undefined = await threads.run(task);
    if (failure) throw new GiemsaError(failure.code, `${cells[failure.cell].path}: ${failure.message}`);
  }

  return {
    async readAll(onRead, signal) {
      const unreadable = new Map<number, string>();
      let done = 0;
      for await (const { input, image } of decodeAhead(numbered(cells), options.threads)) {
        if (signal?.aborted) break;
        if (image instanceof GiemsaError) unreadable.set(input.number, image.message);
        else cache.keep(input.number, image);
        onRead(++done);
      }
      return unreadable;
    },

    async *batches<Request extends BatchRequest>(requests: Iterable<Request>) {
      const free = [...buffers];
      const ahead: { request: Request; buffer: SharedArrayBuffer; ready: Promise<void> }[] = [];
      const source = requests[Symbol.iterator]();
      const askAhead = () => {
        for (let buffer = free.pop(); buffer; buffer = free.pop()) {
          const { value: request, done } = source.next();
          if (done) return;
          const ready = fill(request, buffer);
          // Awaited below, in its turn; until then a failure must not count as unhandled.
          ready.catch(() => {});
          ahead.push({ request, buffer, ready });
        }
      };
      try {
        askAhead();
        for (let first = ahead.shift(); first; first = ahead.shift()) {
          const asked = performance.now();
          await first.ready;
          waited += (performance.now() - asked) / 1000;
          const pixels = new Float32Array(first.buffer, 0, first.request.cells.length * imageSize);
          yield { request: first.request, pixels };
          free.push(first.buffer);
          askAhead();
        }
      } finally {
        // Whoever stops early must not find a thread still writing into the buffers.
        await Promise.allSettled(ahead.map(({ ready }) => ready));
      }
    },

    waited: () => waited,
    close: () => threads.destroy(),
  };
}

function batchBuffers({ batch, recipe: { preprocessing } }: PixelPoolOptions): SharedArrayBuffer[] {
  const { height, width } = preprocessing;
  const bytes = 4 * batch * height * width * 3;
  try {
    return Array.from({ length: BUFFERS }, () => new SharedArrayBuffer(bytes));
  } catch (error) {
    throw new GiemsaError(
      'out-of-memory',
      `${BUFFERS} batches of ${batch} images of ${height} x ${width} pixels take ${Math.ceil((BUFFERS * bytes) / 2 ** 20)} MB of memory,` +
        " which cannot be had: make the recipe's training.batch or its images smaller",
      { cause: error },
    );
  }
}

async function* numbered(cells: readonly Pick<Cell, 'read'>[]) {
  for (const [number, cell] of cells.entries()) yield { number, read: () => cell.read() };
}
