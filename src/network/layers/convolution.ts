import { convolutionBackwardScratch, convolutionForwardScratch } from '../../engine/kernels-scratch.ts';
import { imageChunks } from '../plan/chunks.ts';
import type { Argument, ForwardContext } from '../plan/context.ts';
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

export interface ConvolutionOptions extends WindowedKernelOptions {
  readonly filters: number;
}

export type ConvolutionNode = LayerNode<ConvolutionOptions>;

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
    callConvolution(context, node, {
      x: context.input(0),
      kernel: context.parameter(node, 'kernel'),
      bias: node.options.bias ? context.parameter(node, 'bias') : 0,
      y: context.output(),
    });
  },
  backward(context, node) {
    const { bias } = node.options;
    const [rows, columns, channels] = node.inputShapes[0];
    const patch = node.options.kernel[0] * node.options.kernel[1] * channels;
    const { filters } = node.options;
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
        ...[rows, columns, channels],
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

/** The forward pass with given weights (inference has them folded with the normalisation behind). `bias` 0: none. */
export function callConvolution(
  context: ForwardContext,
  node: ConvolutionNode,
  { x, kernel, bias, y }: { x: Argument; kernel: Argument; bias: Argument; y: Argument },
): void {
  const [rows, columns, channels] = node.inputShapes[0];
  const { imagesPerChunk, chunks } = imageChunks(context.batch);
  context.call(
    'convolutionForward',
    [x, kernel, bias, y, rows, columns, channels, ...convolutionShapes(node), imagesPerChunk, context.batch],
    chunks,
    convolutionForwardScratch(node.options.kernel[0] * node.options.kernel[1] * channels),
  );
}

/** Output rows, columns, channels, kernel, stride, padding at top and left: in the kernels' order. */
function convolutionShapes(node: ConvolutionNode): number[] {
  const { size, stride, before } = kernelWindow(node.options);
  return [...node.shape, ...size, ...stride, ...before];
}
