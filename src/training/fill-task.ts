import type { CellImage } from '../cells/image.ts';
import decode from '../dataset/decode-task.ts';
import { augmentInto } from '../recipes/augment.ts';
import { withPlatelet } from '../recipes/augment-platelets.ts';
import { preprocess } from '../recipes/preprocessing.ts';
import { random } from '../recipes/random.ts';
import type { Recipe } from '../recipes/recipe.ts';

/** Where the pixels of a cell are: decoded in shared memory, or still to be decoded from its file's bytes. */
export type CellSource =
  | { readonly slab: number; readonly offset: number; readonly width: number; readonly height: number }
  | { readonly bytes: Uint8Array };

/** As they are in inference, or augmented, as in that epoch, from 1; then perhaps with a platelet drawn on each. */
export type CellsAs = 'in inference' | { readonly epoch: number; readonly isUnderPlatelet?: boolean };

export interface FillTask {
  readonly recipe: Pick<Recipe, 'preprocessing' | 'augmentation'>;
  readonly seed: number;
  readonly as: CellsAs;
  /** Numbers of the cells, which all that is drawn depends on, and their pixels. */
  readonly cells: Uint32Array;
  readonly sources: readonly CellSource[];
  readonly slabs: readonly SharedArrayBuffer[];
  /** float32 [batch, height, width, 3]: the network's input, to be written. */
  readonly out: SharedArrayBuffer;
}

/** Streams of random numbers drawn from one seed are told apart by their first key (see batches.ts for the order). */
const AUGMENTATION = 2;
const PLATELET = 3;

/** A cell that could not be decoded: errors travel as data, as those of `decode` do. */
export interface FillFailure {
  readonly cell: number;
  readonly code: string;
  readonly message: string;
}

/** Runs in a worker thread: fits, and in training augments, the cells of one batch. */
export default async function fill(task: FillTask): Promise<FillFailure | undefined> {
  const out = new Float32Array(task.out);
  const { height, width } = task.recipe.preprocessing;
  const size = height * width * 3;
  for (const [i, source] of task.sources.entries()) {
    const decoded =
      'bytes' in source ? await decode(source.bytes) : { image: sharedImage(source, task.slabs) };
    if ('code' in decoded) return { cell: task.cells[i], ...decoded };
    fillOne(decoded.image, task.cells[i], task, out, i * size);
  }
  return undefined;
}

function fillOne(
  image: CellImage,
  cell: number,
  { recipe: { preprocessing, augmentation }, seed, as }: FillTask,
  out: Float32Array,
  offset: number,
): void {
  if (as === 'in inference') {
    preprocess(image, preprocessing, out, offset);
    return;
  }
  const { epoch, isUnderPlatelet = false } = as;
  const drawn = () => Math.floor(random(seed, PLATELET, epoch, cell)() * 2 ** 32) | 0;
  const shown = isUnderPlatelet ? withPlatelet(image, drawn()) : image;
  augmentInto(shown, preprocessing, augmentation, random(seed, AUGMENTATION, epoch, cell), out, offset);
}

function sharedImage(
  { slab, offset, width, height }: Exclude<CellSource, { bytes: Uint8Array }>,
  slabs: readonly SharedArrayBuffer[],
): CellImage {
  return { width, height, data: new Uint8Array(slabs[slab], offset, width * height * 3) };
}
