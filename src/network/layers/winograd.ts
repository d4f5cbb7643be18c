import {
  WINOGRAD_WEIGHTS_SCRATCH,
  winogradBackwardScratch,
  winogradForwardScratch,
  winogradGradientScratch,
  winogradStrip,
  winogradWeightBytes,
} from '../../engine/winograd-scratch.ts';
import { imageChunks } from '../plan/chunks.ts';
import type { Argument, BackwardContext, ForwardContext, GradientTarget } from '../plan/context.ts';
import { type ConvolutionNode, kernelWindow } from './convolution-options.ts';
import { partialSums } from './partial-sums.ts';

// 3x3 convolutions of stride 1 and 2 take Winograd's kernels (engine/kernels/winograd-*.ts): the same numbers but for rounding,
// in about a third of the time.

/** Kernels take channels by fours; fewer than four (an image) as if they were four. */
export function usesWinograd(node: ConvolutionNode): boolean {
  const { size, stride, before, total } = kernelWindow(node.options);
  const [rows, columns] = node.shape;
  const channels = node.inputShapes[0][2];
  return (
    size.every((length) => length === 3) &&
    stride[0] === stride[1] &&
    stride[0] <= 2 &&
    before[0] === before[1] &&
    total.every((padding) => padding === 2 * before[0]) &&
    node.options.filters % 4 === 0 &&
    (channels % 4 === 0 || channels < 4) &&
    rows >= 4 &&
    columns >= 4
  );
}

/** Transformed weights: in training made anew each step, in inference once. */
export function winogradWeights(context: ForwardContext, node: ConvolutionNode): Argument {
  const kernel = context.parameter(node, 'kernel');
  const channels = node.inputShapes[0][2];
  const { filters } = node.options;
  const stride = node.options.stride[0];
  const bytes = winogradWeightBytes(channels, filters);
  if (!context.training) {
    return context.prepared(`${node.name} winograd`, bytes, (address, call) => {
      call(
        'winogradWeights',
        [kernel, address, channels, filters, stride, 0],
        channels,
        WINOGRAD_WEIGHTS_SCRATCH,
      );
    });
  }
  const u = context.buffer(`${node.name} winograd`, bytes);
  context.call(
    'winogradWeights',
    [kernel, u, channels, filters, stride, 0],
    channels,
    WINOGRAD_WEIGHTS_SCRATCH,
  );
  return u;
}

/** What surrounds the convolution and is computed with it, strip by strip. */
export interface WinogradNeighbours {
  /** Coefficients of a batch normalisation and ReLU of the input. */
  readonly coefficients?: Argument;
  /** Where the statistics of the output go, a part a chunk. */
  readonly statistics?: Argument;
}

export function callWinograd(
  context: ForwardContext,
  node: ConvolutionNode,
  { coefficients = 0, statistics = 0 }: WinogradNeighbours = {},
): void {
  const u = winogradWeights(context, node);
  const bias = node.options.bias ? context.parameter(node, 'bias') : 0;
  const { shapes, strip, chunks } = winogradShapes(context.batch, node);
  const [, , channels] = node.inputShapes[0];
  context.call(
    'winogradForward',
    [context.input(0), coefficients, u, bias, context.output(), statistics, ...shapes],
    chunks,
    winogradForwardScratch(node.shape[1], channels, node.options.filters, node.options.stride[0], strip),
  );
}

/**
 * @param neighbours.target where the gradient of the (normalised) input goes
 * @param neighbours.coefficients of a batch normalisation and ReLU of the input
 * @param neighbours.inputSums where the sums of the gradient through that ReLU go, a part a chunk
 */
export function callWinogradBackward(
  context: BackwardContext,
  node: ConvolutionNode,
  {
    target,
    coefficients = 0,
    inputSums = 0,
  }: { target: GradientTarget | undefined; coefficients?: Argument; inputSums?: Argument },
): void {
  const channels = node.inputShapes[0][2];
  const { filters, bias } = node.options;
  const stride = node.options.stride[0];
  const { shapes, strip, chunks } = winogradShapes(context.batch, node);
  const u = context.buffer(`${node.name} winograd backward`, winogradWeightBytes(filters, channels));
  if (target) {
    const kernel = context.parameter(node, 'kernel');
    context.call(
      'winogradWeights',
      [kernel, u, channels, filters, stride, 1],
      filters,
      WINOGRAD_WEIGHTS_SCRATCH,
    );
  }
  const parts = context.buffer(`${node.name} winograd parts`, 4 * 36 * channels * filters * chunks);
  const biases = bias ? partialSums(context, node, 'bias', filters, chunks) : undefined;
  const behind = context.deferredGradient();
  context.call(
    'winogradBackward',
    [
      ...[context.input(0), coefficients, target ? u : 0, context.outputGradient()],
      ...[behind?.z ?? 0, behind?.coefficients ?? 0, behind?.slopes ?? 0, behind?.relu ?? 0],
      ...[target?.buffer ?? 0, target?.accumulate ?? 0, inputSums, parts, biases?.target ?? 0],
      ...shapes,
    ],
    chunks,
    winogradBackwardScratch(node.shape[1], channels, filters, stride, strip),
  );
  context.call(
    'winogradWeightGradient',
    [parts, chunks, context.gradient(node, 'kernel'), channels, filters, stride],
    channels,
    winogradGradientScratch(filters),
  );
  biases?.add();
}

/** The end of the kernels' arguments: sizes, padding, tile rows and images a strip, images a chunk, images. */
function winogradShapes(batch: number, node: ConvolutionNode) {
  const [rows, columns, channels] = node.shape;
  const stride = node.options.stride[0];
  const { imagesPerChunk, chunks } = imageChunks(batch);
  const strip = winogradStrip(rows, columns, node.inputShapes[0][2], channels, stride, imagesPerChunk);
  const pad = kernelWindow(node.options).before[0];
  const cut = [strip.tileRows, strip.images, imagesPerChunk, batch];
  const shapes = [...node.inputShapes[0], ...node.shape, stride, pad, ...cut];
  return { shapes, strip, chunks };
}
