import { convolutionBackwardScratch, convolutionForwardScratch } from '../../engine/kernels-scratch.ts';
import { imageChunks } from '../plan/chunks.ts';
import {
  type ConvolutionNode,
  type ConvolutionOptions,
  kernelInitialiser,
  kernelWindow,
  readWindowedKernelOptions,
} from './convolution-options.ts';
import type { LayerDefinition } from './definition.ts';
import { channelParameter, kernelParameter, ZEROS } from './parameters.ts';
import { partialSums } from './partial-sums.ts';
import { windowedShape } from './shapes.ts';
import { callWinograd, callWinogradBackward, usesWinograd } from './winograd.ts';

/** y[i, j, f] = bias[f] + sum over r, s, c of x[i stride + r - pad, j stride + s - pad, c] kernel[r, s, c, f]. */
export const convolution: LayerDefinition<ConvolutionOptions> = {
  type: 'convolution',
  inputs: 1,
  options: (read) => ({
    filters: read.number('filters', { min: 1, max: 1 << 15, integer: true }),
    ...readWindowedKernelOptions(read),
  }),
  outputShape: (options, [input], fail) => windowedShape(kernelWindow(options), input, options.filters, fail),
  parameters(options, [input]) {
    const area = options.kernel[0] * options.kernel[1];
    const { filters } = options;
    const initialiser = kernelInitialiser(options, area * input[2], area * filters);
    const kernel = kernelParameter([...options.kernel, input[2], filters], initialiser, options.l2);
    return options.bias ? [kernel, channelParameter('bias', filters, ZEROS)] : [kernel];
  },
  multiplyAdds: ({ kernel, filters }, [input], [rows, columns]) =>
    rows * columns * kernel[0] * kernel[1] * input[2] * filters,
  forward(context, node) {
    if (usesWinograd(node)) return callWinograd(context, node);
    const x = context.input(0);
    const kernel = context.parameter(node, 'kernel');
    const bias = node.options.bias ? context.parameter(node, 'bias') : 0;
    const y = context.output();
    const { size } = kernelWindow(node.options);
    const { imagesPerChunk, chunks } = imageChunks(context.batch);
    context.call(
      'convolutionForward',
      [x, kernel, bias, y, ...convolutionShapes(node), imagesPerChunk, context.batch],
      chunks,
      convolutionForwardScratch(size[0] * size[1] * node.inputShapes[0][2]),
    );
  },
  backward(context, node) {
    if (usesWinograd(node)) return callWinogradBackward(context, node, { target: context.inputGradient(0) });
    const { kernel, bias, filters } = node.options;
    const patch = kernel[0] * kernel[1] * node.inputShapes[0][2];
    const { imagesPerChunk, chunks } = imageChunks(context.batch);
    const kernels = partialSums(context, node, 'kernel', patch * filters, chunks);
    const biases = bias ? partialSums(context, node, 'bias', filters, chunks) : undefined;
    const target = context.inputGradient(0);
    context.call(
      'convolutionBackward',
      [
        context.input(0),
        context.parameter(node, 'kernel'),
        context.outputGradient(),
        target?.buffer ?? 0,
        target?.accumulate ?? 0,
        kernels.target,
        biases?.target ?? 0,
        ...convolutionShapes(node),
        imagesPerChunk,
        context.batch,
      ],
      chunks,
      convolutionBackwardScratch(patch, filters),
    );
    kernels.add();
    biases?.add();
  },
};

/** Rows, columns, channels of input and output, kernel, stride, padding at top and left: in the kernels' order. */
function convolutionShapes(node: ConvolutionNode): number[] {
  const { size, stride, before } = kernelWindow(node.options);
  return [...node.inputShapes[0], ...node.shape, ...size, ...stride, ...before];
}
