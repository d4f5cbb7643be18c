import { imageChunks } from '../plan/chunks.ts';
import {
  kernelInitialiser,
  kernelWindow,
  readWindowedKernelOptions,
  type WindowedKernelOptions,
} from './convolution-options.ts';
import type { LayerDefinition, LayerNode } from './definition.ts';
import { channelParameter, kernelParameter, ZEROS } from './parameters.ts';
import { partialSums } from './partial-sums.ts';
import { windowedShape } from './shapes.ts';

export type DepthwiseConvolutionOptions = WindowedKernelOptions;

/** A convolution in which each channel has a kernel [kh, kw, c] of its own. */
export const depthwiseConvolution: LayerDefinition<DepthwiseConvolutionOptions> = {
  type: 'depthwise-convolution',
  inputs: 1,
  options: readWindowedKernelOptions,
  outputShape: (options, [input], fail) => windowedShape(kernelWindow(options), input, input[2], fail),
  parameters(options, [input]) {
    const area = options.kernel[0] * options.kernel[1];
    const kernel = kernelParameter(
      [...options.kernel, input[2]],
      kernelInitialiser(options, area, area),
      options.l2,
    );
    return options.bias ? [kernel, channelParameter('bias', input[2], ZEROS)] : [kernel];
  },
  multiplyAdds: ({ kernel }, _inputs, [rows, columns, channels]) =>
    rows * columns * channels * kernel[0] * kernel[1],
  forward(context, node) {
    const { imagesPerChunk, chunks } = imageChunks(context.batch);
    context.call(
      'depthwiseForward',
      [
        context.input(0),
        context.parameter(node, 'kernel'),
        node.options.bias ? context.parameter(node, 'bias') : 0,
        context.output(),
        ...depthwiseShapes(node),
        imagesPerChunk,
        context.batch,
      ],
      chunks,
    );
  },
  backward(context, node) {
    const { kernel, bias } = node.options;
    const channels = node.shape[2];
    const { imagesPerChunk, chunks } = imageChunks(context.batch);
    const kernels = partialSums(context, node, 'kernel', kernel[0] * kernel[1] * channels, chunks);
    const biases = bias ? partialSums(context, node, 'bias', channels, chunks) : undefined;
    const target = context.inputGradient(0);
    context.call(
      'depthwiseBackward',
      [
        context.input(0),
        context.parameter(node, 'kernel'),
        context.outputGradient(),
        target?.buffer ?? 0,
        target?.accumulate ?? 0,
        kernels.target,
        biases?.target ?? 0,
        ...depthwiseShapes(node),
        imagesPerChunk,
        context.batch,
      ],
      chunks,
    );
    kernels.add();
    biases?.add();
  },
};

/** Input rows, columns, channels, output rows, columns, kernel, stride, padding: in the kernels' order. */
function depthwiseShapes(node: LayerNode<DepthwiseConvolutionOptions>): number[] {
  const { size, stride, before } = kernelWindow(node.options);
  return [...node.inputShapes[0], node.shape[0], node.shape[1], ...size, ...stride, ...before];
}
