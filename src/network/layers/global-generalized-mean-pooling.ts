import type { LayerDefinition } from './definition.ts';
import { imageShape, positionsOf } from './shapes.ts';

/** Keeps the root's slope finite where a channel is nowhere above zero; the same in engine/kernels/generalized-mean-pooling.ts. */
export const GENERALIZED_MEAN_FLOOR = 1e-6;

/**
 * The generalized mean of each channel over all positions (GeM; Radenović et al. 2018, arXiv 1711.02512) with exponent 3:
 * y = (1e-6 + mean max(x, 0)^3)^(1/3). It lies between the mean and the maximum, so a small dark body counts for more.
 */
export const globalGeneralizedMeanPooling: LayerDefinition = {
  type: 'global-generalized-mean-pooling',
  inputs: 1,
  options: () => ({}),
  outputShape: (_options, [input], fail) => [imageShape(input, fail)[2]],
  forward(context, node) {
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    context.call(
      'globalGeneralizedMeanPoolingForward',
      [context.input(0), context.output(), positions, channels],
      context.batch,
    );
  },
  // dx = dy max(x, 0)^2 / (positions y^2)
  backward(context, node) {
    const target = context.inputGradient(0);
    if (!target) return;
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    context.call(
      'globalGeneralizedMeanPoolingBackward',
      [
        context.input(0),
        context.output(),
        context.outputGradient(),
        target.buffer,
        target.accumulate,
        positions,
        channels,
      ],
      context.batch,
    );
  },
};
