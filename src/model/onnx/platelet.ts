import { type PlateletDetector, plateletShapes } from '../platelet.ts';
import { constantsOf, type GraphBuilder } from './builder.ts';

/** Name of a part of the detector; no layer's parameter begins with a slash. */
export function plateletKey(part: keyof PlateletDetector): string {
  return `/platelet/${part}`;
}

/**
 * Adds what `plateletScores` computes.
 *
 * @param features name of the float32 value [N, features]
 * @param output name for the scores [N]
 */
export function addPlatelet(
  graph: GraphBuilder,
  detector: PlateletDetector,
  features: string,
  output: string,
): void {
  const constant = constantsOf(graph, detector, plateletShapes(detector.linear.length), plateletKey);
  const squares = graph.node('Mul', [features, constant('square')], '/platelet/squares');
  const weights = graph.node('Add', [squares, constant('linear')], '/platelet/weights');
  const products = graph.node('Mul', [features, weights], '/platelet/products');
  const sum = graph.node(
    'ReduceSum',
    [products, graph.integers('/platelet/axis', [1], [1])],
    '/platelet/sum',
    {
      keepdims: 0,
    },
  );
  graph.node('Add', [sum, constant('bias')], output);
}
