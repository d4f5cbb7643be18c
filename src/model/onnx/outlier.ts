import { type OutlierDetector, outlierShapes } from '../outlier.ts';
import { constantsOf, type GraphBuilder } from './builder.ts';

/** Name of a part of the detector; no layer's parameter begins with a slash. */
export function outlierKey(part: keyof OutlierDetector): string {
  return `/outlier/${part}`;
}

/**
 * Adds what `outlierScores` computes.
 *
 * @param features name of the float32 value [N, features]
 * @param output name for the scores [N]
 */
export function addOutlier(
  graph: GraphBuilder,
  detector: OutlierDetector,
  features: string,
  output: string,
): void {
  const constant = constantsOf(graph, detector, outlierShapes(detector.mean.length), outlierKey);
  const centred = graph.node('Sub', [features, constant('mean')], '/outlier/centred');
  const whitened = graph.node('MatMul', [centred, constant('whitening')], '/outlier/whitened');
  const distances = (['uninfected', 'parasitized'] as const).map((label) => {
    const difference = graph.node('Sub', [whitened, constant(label)], `/outlier/from-${label}`);
    const attributes = { axes: [1], keepdims: 0 };
    return graph.node('ReduceSumSquare', [difference], `/outlier/square-${label}`, attributes);
  });
  graph.node('Sqrt', [graph.node('Min', distances, '/outlier/nearer')], output);
}
