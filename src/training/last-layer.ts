import { resolve } from '../network/graph.ts';
import type { Network, Weights } from '../network/network.ts';

/**
 * The weights with the last layer's kernel and bias changed, value by value: it is linear, so they change the logit and nothing else.
 */
export function withLastLayer(
  network: Network,
  weights: Weights,
  change: { readonly kernel?: (value: number) => number; readonly bias: (value: number) => number },
): Weights {
  const { name } = resolve(network).nodes.at(-1) as { name: string };
  const changes = new Map(Object.entries(change).map(([part, of]) => [`${name}/${part}`, of]));
  return new Map(
    [...weights].map(([key, parameter]) => {
      const changed = changes.get(key);
      return [key, changed ? { ...parameter, data: parameter.data.map(changed) } : parameter];
    }),
  );
}
