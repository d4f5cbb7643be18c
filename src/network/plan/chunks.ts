// How work is cut. Only shapes decide, never the number of threads, so that any number of threads gives the same bytes.

/** Values a chunk of an elementwise kernel: 128 KB an array. */
const VALUES = 32768;
/** Values a chunk of rows of a normalisation: 128 KB, read twice, stays in the second-level cache. */
const ROW_VALUES = 32768;
/** Chunks a batch is cut into where each has partial sums as large as the weights: enough for many threads, few to add. */
const BATCH_CHUNKS = 16;

/** `length` values one by one: the last arguments of such kernels (length, values a chunk), and the chunks. */
export function elementwise(length: number): { args: readonly number[]; chunks: number } {
  return { args: [length, VALUES], chunks: Math.ceil(length / VALUES) };
}

/** Rows of `channels` values. */
export function rowChunks(rows: number, channels: number): { rowsPerChunk: number; chunks: number } {
  const rowsPerChunk = Math.max(1, Math.floor(ROW_VALUES / channels));
  return { rowsPerChunk, chunks: Math.ceil(rows / rowsPerChunk) };
}

/** Images for kernels that sum over them. */
export function imageChunks(batch: number): { imagesPerChunk: number; chunks: number } {
  const imagesPerChunk = Math.ceil(batch / BATCH_CHUNKS);
  return { imagesPerChunk, chunks: Math.ceil(batch / imagesPerChunk) };
}

/** Chunks of the kernel `sumPartials`, 1,024 values each. */
export function sumChunks(length: number): number {
  return Math.ceil(length / 1024);
}
