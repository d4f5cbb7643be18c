import type { CellImage } from '../cells/image.ts';
import decode from '../dataset/decode-task.ts';
import { augmentInto } from '../recipes/augment.ts';
import { preprocess } from '../recipes/preprocessing.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** Where the pixels of a cell are: decoded in shared memory, or still to be decoded from its file's bytes. */
export type CellSource =
  | { readonly slab: number; readonly offset: number; readonly width: number; readonly height: number }
  | { readonly bytes: Uint8Array };

export interface FillTask {
  readonly recipe: Pick<Recipe, 'preprocessing' | 'augmentation'>;
  readonly seed: number;
  /** Augmented as in this epoch, from 1; `undefined`: as in inference. */
  readonly epoch: number | undefined;
  /** Numbers of the cells, which the augmentation depends on, and their pixels. */
  readonly cells: Uint32Array;
  readonly sources: readonly CellSource[];
  readonly slabs: readonly SharedArrayBuffer[];
  /** float32 [batch, height, width, 3]: the network's input, to be written. */
  readonly out: SharedArrayBuffer;
}

/** Streams of random numbers drawn from one seed are told apart by their first key (see batches.ts for the order). */
const AUGMENTATION = 2;

/** A cell that could not be decoded: errors travel as data, as those of `decode` do. */
export interface FillFailure {
  readonly cell: number;
  readonly code: string;
  readonly message: string;
}

/** Runs in a worker thread: fits, and in training augments, the cells of one batch. */
export default async function fill(task: FillTask): Promise<FillFailure | undefined> {
  const { preprocessing, augmentation } = task.recipe;
  const out = new Float32Array(task.out);
  const size = preprocessing.height * preprocessing.width * 3;
  for (const [i, source] of task.sources.entries()) {
    const decoded =
      'bytes' in source ? await decode(source.bytes) : { image: sharedImage(source, task.slabs) };
    if ('code' in decoded) return { cell: task.cells[i], ...decoded };
    const { image } = decoded;
    if (task.epoch === undefined) preprocess(image, preprocessing, out, i * size);
    else {
      const draw = random(task.seed, AUGMENTATION, task.epoch, task.cells[i]);
      augmentInto(image, preprocessing, augmentation, draw, out, i * size);
    }
  }
  return undefined;
}

function sharedImage(
  { slab, offset, width, height }: Exclude<CellSource, { bytes: Uint8Array }>,
  slabs: readonly SharedArrayBuffer[],
): CellImage {
  return { width, height, data: new Uint8Array(slabs[slab], offset, width * height * 3) };
}
