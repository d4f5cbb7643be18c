import type { LayerDefinition } from './definition.ts';
import { imageShape, positionsOf } from './shapes.ts';

/** y[i, j, c] = x[i, j, c] gate[c]: the last step of squeeze-and-excitation (Hu et al. 2018, arXiv 1709.01507). */
export const scaleChannels: LayerDefinition = {
  type: 'scale-channels',
  inputs: 2,
  options: () => ({}),
  outputShape(_options, [features, gate], fail) {
    const channels = imageShape(features, fail)[2];
    return gate.length === 1 && gate[0] === channels
      ? features
      : fail('features [height, width, channels] and a gate [channels]');
  },
  multiplyAdds: (_options, _inputs, output) => output.reduce((product, length) => product * length, 1),
  forward(context, node) {
    const { positions, channels } = positionsOf(node.shape);
    context.call(
      'scaleChannelsForward',
      [context.input(0), context.input(1), context.output(), positions, channels],
      context.batch,
    );
  },
  backward(context, node) {
    const { positions, channels } = positionsOf(node.shape);
    const features = context.inputGradient(0);
    const gate = context.inputGradient(1);
    if (!features && !gate) return;
    context.call(
      'scaleChannelsBackward',
      [
        context.input(0),
        context.input(1),
        context.outputGradient(),
        features?.buffer ?? 0,
        features?.accumulate ?? 0,
        gate?.buffer ?? 0,
        gate?.accumulate ?? 0,
        positions,
        channels,
      ],
      context.batch,
    );
  },
};
