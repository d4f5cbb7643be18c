import type { LayerDefinition } from './definition.ts';
import { imageShape, positionsOf } from './shapes.ts';

/** The maximum of each channel over all positions; of equal values the first gets the gradient. */
export const globalMaxPooling: LayerDefinition = {
  type: 'global-max-pooling',
  inputs: 1,
  options: () => ({}),
  outputShape: (_options, [input], fail) => [imageShape(input, fail)[2]],
  forward(context, node) {
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    const argmax = context.training ? context.buffer('argmax', 4 * context.batch * channels) : 0;
    context.call(
      'globalMaxPoolingForward',
      [context.input(0), context.output(), argmax, positions, channels],
      context.batch,
    );
  },
  backward(context, node) {
    const target = context.inputGradient(0);
    if (!target) return;
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    const argmax = context.buffer('argmax', 4 * context.batch * channels);
    context.call(
      'globalMaxPoolingBackward',
      [argmax, context.outputGradient(), target.buffer, target.accumulate, positions, channels],
      context.batch,
    );
  },
};
