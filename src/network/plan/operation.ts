import type { LayerNode } from '../layers/definition.ts';
import type { BackwardContext, ForwardContext } from './context.ts';

/**
 * What is lowered as one: a layer, or several that a fusion took together. Only the output of the last node exists as
 * a tensor; the fusion has made sure that nobody else reads those in between.
 */
export interface Operation {
  /** In order of computation. */
  readonly nodes: readonly LayerNode[];
  /** Tensors it reads from outside, in the order `context.input(index)` counts. */
  readonly inputs: readonly number[];
  /** Its backward asks for `context.deferredGradient()`. */
  readonly takesDeferredGradient?: boolean;
  forward(context: ForwardContext): void;
  backward(context: BackwardContext): void;
}

/** The operation of one layer alone. */
export function layerOperation(node: LayerNode): Operation {
  return {
    nodes: [node],
    inputs: node.inputs,
    forward: (context) => node.definition.forward(context, node),
    backward: (context) => node.definition.backward(context, node),
  };
}
