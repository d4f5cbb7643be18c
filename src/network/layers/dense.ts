import { denseBackwardInputScratch } from '../../engine/kernels-scratch.ts';
import { type KernelOptions, kernelInitialiser, readKernelOptions } from './convolution-options.ts';
import type { LayerDefinition } from './definition.ts';
import { channelParameter, kernelParameter, ZEROS } from './parameters.ts';

export interface DenseOptions extends KernelOptions {
  readonly units: number;
}

/** y = x kernel + bias, kernel [inputs, units]. */
export const dense: LayerDefinition<DenseOptions> = {
  type: 'dense',
  inputs: 1,
  options: (read) => ({
    units: read.number('units', { min: 1, max: 1 << 20, integer: true }),
    ...readKernelOptions(read),
  }),
  outputShape: ({ units }, [input], fail) =>
    input.length === 1 ? [units] : fail('an input [features]; put flatten or global pooling before it'),
  parameters(options, [[inputs]]) {
    const { units } = options;
    const initialiser = kernelInitialiser(options, inputs, units);
    const kernel = kernelParameter([inputs, units], initialiser, options.l2);
    return options.bias ? [kernel, channelParameter('bias', units, ZEROS)] : [kernel];
  },
  multiplyAdds: ({ units }, [[inputs]]) => inputs * units,
  forward(context, node) {
    const { bias, units } = node.options;
    context.call(
      'denseForward',
      [
        context.input(0),
        context.parameter(node, 'kernel'),
        bias ? context.parameter(node, 'bias') : 0,
        context.output(),
        context.batch,
        node.inputShapes[0][0],
        units,
      ],
      Math.ceil(units / 32),
    );
  },
  backward(context, node) {
    const { bias, units } = node.options;
    const shapes = [context.batch, node.inputShapes[0][0], units];
    context.call(
      'denseBackwardWeights',
      [
        context.input(0),
        context.outputGradient(),
        context.gradient(node, 'kernel'),
        bias ? context.gradient(node, 'bias') : 0,
        ...shapes,
      ],
      Math.ceil(shapes[1] / 32),
    );
    const target = context.inputGradient(0);
    if (!target) return;
    context.call(
      'denseBackwardInput',
      [
        context.outputGradient(),
        context.parameter(node, 'kernel'),
        target.buffer,
        target.accumulate,
        ...shapes,
      ],
      Math.ceil(shapes[1] / 64),
      denseBackwardInputScratch(units),
    );
  },
};
