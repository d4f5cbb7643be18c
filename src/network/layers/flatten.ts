import { type LayerDefinition, sizeOf } from './definition.ts';

/** [height, width, channels] as features, in that order (Keras). */
export const flatten: LayerDefinition = {
  type: 'flatten',
  inputs: 1,
  options: () => ({}),
  outputShape: (_options, [input]) => [sizeOf(input)],
  forward(context) {
    context.shareOutput(context.input(0));
  },
  backward(context) {
    if (context.wantsInputGradient(0)) context.passGradient(0, context.outputGradient());
  },
};
