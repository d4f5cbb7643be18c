import { type LayerDefinition, sizeOf } from './definition.ts';
import {
  type PoolingOptions,
  poolingShape,
  poolingSizes,
  poolingSteps,
  readPoolingOptions,
} from './pooling.ts';

/** The maximum of each window; of equal values the first gets the gradient. */
export const maxPooling: LayerDefinition<PoolingOptions> = {
  type: 'max-pooling',
  inputs: 1,
  options: readPoolingOptions,
  outputShape: poolingShape,
  forward(context, node) {
    const argmax = context.training ? context.buffer('argmax', context.batch * sizeOf(node.shape)) : 0;
    const { size } = node.options;
    context.call(
      'maxPoolingForward',
      [
        context.input(0),
        context.output(),
        argmax,
        ...poolingSizes(node),
        ...size,
        ...poolingSteps(node.options),
      ],
      context.batch,
    );
  },
  backward(context, node) {
    const target = context.inputGradient(0);
    if (!target) return;
    context.call(
      'maxPoolingBackward',
      [
        context.buffer('argmax', context.batch * sizeOf(node.shape)),
        context.outputGradient(),
        target.buffer,
        target.accumulate,
        ...poolingSizes(node),
        node.options.size[1],
        ...poolingSteps(node.options),
      ],
      context.batch,
    );
  },
};
