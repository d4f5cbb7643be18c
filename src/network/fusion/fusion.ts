import type { LayerNode } from '../layers/definition.ts';
import type { Operation } from '../plan/operation.ts';

/** What a fusion may ask about the graph around a node. */
export interface FusionContext {
  readonly training: boolean;
  /**
   * The layer that computes `tensor`, if the fusion may swallow it: nobody else reads the tensor, it is not the
   * network's output, and no other operation has taken the layer already.
   */
  producer(tensor: number): LayerNode | undefined;
}

/**
 * Tries to take `last` and layers before it as one operation; undefined where the pattern is not there. Nodes are
 * offered from the last of the network to the first, so a fusion looks backwards from the end of its pattern.
 */
export type Fusion = (last: LayerNode, context: FusionContext) => Operation | undefined;
