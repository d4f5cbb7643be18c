import { sumChunks } from '../plan/chunks.ts';
import type { Argument, BackwardContext } from '../plan/context.ts';

/** Where a kernel writes its chunks' parts of a parameter's gradient, and the call that adds them up. */
export interface PartialSums {
  readonly target: Argument;
  /** Records the call; to be called once the parts are written. */
  add(): void;
}

/** Parts [chunks][length] of the gradient of `parameter`; with one chunk, the gradient itself. */
export function partialSums(
  context: BackwardContext,
  layer: { readonly name: string },
  parameter: string,
  length: number,
  chunks: number,
): PartialSums {
  const gradient = context.gradient(layer, parameter);
  if (chunks === 1) return { target: gradient, add: () => {} };
  const target = context.buffer(`${layer.name}/${parameter} parts`, 4 * length * chunks);
  return {
    target,
    add: () => context.call('sumPartials', [target, gradient, length, chunks], sumChunks(length)),
  };
}
