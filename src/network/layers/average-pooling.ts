import type { LayerDefinition } from './definition.ts';
import {
  type PoolingOptions,
  poolingShape,
  poolingSizes,
  poolingSteps,
  readPoolingOptions,
} from './pooling.ts';

/** The mean of each window's positions inside the image (ONNX' count_include_pad = 0; Keras). */
export const averagePooling: LayerDefinition<PoolingOptions> = {
  type: 'average-pooling',
  inputs: 1,
  options: readPoolingOptions,
  outputShape: poolingShape,
  forward(context, node) {
    const shapes = [...poolingSizes(node), ...node.options.size, ...poolingSteps(node.options)];
    context.call('averagePoolingForward', [context.input(0), context.output(), ...shapes], context.batch);
  },
  backward(context, node) {
    const target = context.inputGradient(0);
    if (!target) return;
    const shapes = [...poolingSizes(node), ...node.options.size, ...poolingSteps(node.options)];
    context.call(
      'averagePoolingBackward',
      [context.outputGradient(), target.buffer, target.accumulate, ...shapes],
      context.batch,
    );
  },
};
