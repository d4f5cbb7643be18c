import { random } from '../recipes/random.ts';

/**
 * The order of the training cells in one epoch (Fisher-Yates). It is a function of seed and epoch alone, so a resumed
 * run needs no generator's state to go on with the same batches.
 * @param count number of training cells
 * @param epoch counts from 1
 * @returns a permutation of 0 ... count - 1
 */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const next = random(seed, ORDER, epoch);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    const other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
  return order;
}

/** Number of steps an epoch takes; the last batch may be smaller and is kept, as Keras does. */
export function stepsPerEpoch(count: number, batch: number): number {
  return Math.ceil(count / batch);
}

/** The cells of one batch: `step` counts from 0 within the epoch. */
export function batchAt(order: Uint32Array, batch: number, step: number): Uint32Array {
  return order.subarray(step * batch, (step + 1) * batch);
}

/** Streams of random numbers drawn from one seed are told apart by their first key. */
const ORDER = 1;
