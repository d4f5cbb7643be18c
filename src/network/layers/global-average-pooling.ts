import type { LayerDefinition } from './definition.ts';
import { imageShape, positionsOf } from './shapes.ts';

/** The mean of each channel over all positions. */
export const globalAveragePooling: LayerDefinition = {
  type: 'global-average-pooling',
  inputs: 1,
  options: () => ({}),
  outputShape: (_options, [input], fail) => [imageShape(input, fail)[2]],
  forward(context, node) {
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    context.call(
      'globalAveragePoolingForward',
      [context.input(0), context.output(), positions, channels],
      context.batch,
    );
  },
  backward(context, node) {
    const target = context.inputGradient(0);
    if (!target) return;
    const { positions, channels } = positionsOf(node.inputShapes[0]);
    context.call(
      'globalAveragePoolingBackward',
      [context.outputGradient(), target.buffer, target.accumulate, positions, channels],
      context.batch,
    );
  },
};
