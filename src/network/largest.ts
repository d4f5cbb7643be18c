import { countMultiplyAdds, countParameters, type Graph } from './graph.ts';

/**
 * What the network of a model file may ask of whoever reads it, who need not trust it. A recipe's may not either, or its model could
 * not be read. For one image, but for the parameters: those, and what else a model file holds, stay below its 64 MiB.
 */
const LIMITS = { parameters: 15_000_000, 'multiply-adds': 1e11, values: 2 ** 24 } as const;

/** In what a network is larger than that; undefined where it is not. */
export function tooLarge(graph: Graph): { what: string; limit: number; found: number } | undefined {
  const { trainable, other } = countParameters(graph);
  const found = {
    parameters: trainable + other,
    'multiply-adds': countMultiplyAdds(graph),
    values: graph.nodes.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
  };
  const what = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).find((name) => found[name] > LIMITS[name]);
  return what && { what, limit: LIMITS[what], found: found[what] };
}
