import type { Graph } from '../graph.ts';
import type { LayerNode } from '../layers/definition.ts';
import { layerOperation, type Operation } from '../plan/operation.ts';
import { addActivation } from './add-activation.ts';
import { convolutionReluMaxPooling } from './convolution-relu-max-pooling.ts';
import { foldedNormalization } from './folded-normalization.ts';
import type { Fusion } from './fusion.ts';
import { normalizationActivation } from './normalization-activation.ts';
import { normalizationAdd } from './normalization-add.ts';
import { normalizedWinograd, winogradBeforeNormalization } from './normalized-winograd.ts';

/** In the order tried: of those that fit a layer, the first wins. */
const FUSIONS: readonly Fusion[] = [
  foldedNormalization,
  normalizationAdd,
  normalizationActivation,
  addActivation,
  convolutionReluMaxPooling,
  normalizedWinograd,
  winogradBeforeNormalization,
];

/**
 * Groups the layers of a graph into operations, in order of computation.
 * @param fuse false: every layer alone
 */
export function operationsOf(
  graph: Graph,
  { training, fuse }: { training: boolean; fuse: boolean },
): Operation[] {
  const readers = new Map<number, number>();
  for (const tensor of graph.nodes.flatMap(({ inputs }) => inputs)) {
    readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
  }
  const taken = new Set<LayerNode>();
  const producer = (tensor: number): LayerNode | undefined => {
    const node: LayerNode | undefined = graph.nodes[tensor - graph.inputs.length];
    return node && readers.get(tensor) === 1 && !taken.has(node) ? node : undefined;
  };
  const operations: Operation[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (taken.has(node)) continue;
    const operation = (fuse ? tryFusions(node, { training, producer }) : undefined) ?? layerOperation(node);
    for (const member of operation.nodes) taken.add(member);
    operations.push(operation);
  }
  return operations.reverse();
}

function tryFusions(node: LayerNode, context: Parameters<Fusion>[1]): Operation | undefined {
  for (const fusion of FUSIONS) {
    const operation = fusion(node, context);
    if (operation) return operation;
  }
  return undefined;
}
