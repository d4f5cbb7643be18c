import { countMultiplyAdds, countParameters, type Graph } from './graph.ts';
import { sizeOf } from './layers/definition.ts';

/**
 * What the network of a model file may ask of whoever reads it, who need not trust it. A recipe's may not either, or its model could
 * not be read. For one image, but for the parameters: those, and what else a model file holds, stay below its 64 MiB.
 */
const LIMITS = { parameters: 15_000_000, 'multiply-adds': 1e11, values: 2 ** 24 } as const;

/** Most images computed at a time: more are no faster. */
export const MOST_IMAGES = 64;
/** Values that the images at a time may take, and what the last layer reads of them. */
const MOST_VALUES = 2 ** 24;

/** How many images of this network are computed at a time: 64, or fewer where they are so large that the memory they need would be, too. */
export function imagesAtOnce({ inputs, nodes }: Graph): number {
  const kept = [inputs[0].shape, nodes[nodes.length - 1].inputShapes[0]];
  const values = kept.reduce((sum, shape) => sum + sizeOf(shape), 0);
  return Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_VALUES / values)));
}

/** In what a network is larger than that; undefined where it is not. */
export function tooLarge(graph: Graph): { what: string; limit: number; found: number } | undefined {
  const { trainable, other } = countParameters(graph);
  const found = {
    parameters: trainable + other,
    'multiply-adds': countMultiplyAdds(graph),
    values: graph.nodes.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
  const what = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).find((name) => found[name] > LIMITS[name]);
  return what && { what, limit: LIMITS[what], found: found[what] };
}
