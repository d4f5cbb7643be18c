import type { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import type { Cell } from '../dataset/cell.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import type { Classifier } from '../model/classifier.ts';

/** A cell and its probability of parasitized; where it could not be read there is an error instead. */
export interface PredictedCell<C extends Cell> {
  readonly cell: C;
  readonly probability: number | null;
  readonly error: string | null;
  /** Why it is indeterminate at the threshold; null for any other label. */
  readonly reason: string | null;
}

export interface PredictOptions {
  readonly threads: number;
  /** In place of the model's own. */
  readonly threshold: number;
}

/** Probabilities of cells, in their order; images are decoded ahead, in threads of their own. */
export async function* predictCells<C extends Cell>(
  classifier: Classifier,
  cells: Iterable<C>,
  { threads, threshold }: PredictOptions,
): AsyncGenerator<PredictedCell<C>> {
  const order: C[] = [];
  let next = 0;
  async function* images(): AsyncGenerator<CellImage | GiemsaError> {
    for await (const { input, image } of decodeAhead(each(cells), threads)) {
      order.push(input);
      yield image;
    }
  }
  for await (const { probability, error, reason } of classifier.classifyEach(images(), { threshold })) {
    yield { cell: order[next++], probability, error, reason };
  }
}

async function* each<C>(items: Iterable<C>): AsyncGenerator<C> {
  yield* items;
}
