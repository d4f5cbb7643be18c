import { poolScratch } from '../../engine/winograd-scratch.ts';
import { convolution } from '../layers/convolution.ts';
import { type ConvolutionNode, kernelWindow } from '../layers/convolution-options.ts';
import { isLayer, type LayerNode, sizeOf } from '../layers/definition.ts';
import { maxPooling } from '../layers/max-pooling.ts';
import { relu } from '../layers/relu.ts';
import { usesWinograd, winogradWeights } from '../layers/winograd.ts';
import { imageChunks } from '../plan/chunks.ts';
import type { BackwardContext, ForwardContext } from '../plan/context.ts';
import type { Fusion } from './fusion.ts';

/** Windows side by side of the kernels: a Winograd tile. */
const WINDOW = 4;

/**
 * Convolution 3x3, ReLU and max pooling 4x4 in one pass (engine/kernels/convolution-pool-*.ts): of what lies between only
 * the places of the maxima are kept, and only they have a gradient, one position in sixteen.
 */
export const convolutionReluMaxPooling: Fusion = (last, context) => {
  if (!isLayer(last, maxPooling)) return undefined;
  const { size, stride, padding } = last.options;
  const sideBySide = [...size, ...stride].every((length) => length === WINDOW) && padding === 0;
  if (!sideBySide) return undefined;
  const middle = context.producer(last.inputs[0]);
  if (!middle || !isLayer(middle, relu)) return undefined;
  const first = context.producer(middle.inputs[0]);
  if (!first || !isLayer(first, convolution)) return undefined;
  if (!usesWinograd(first) || first.options.stride[0] !== 1) return undefined;
  return {
    nodes: [first, middle, last],
    inputs: first.inputs,
    forward: (forward) => recordForward(forward, first, last),
    backward: (backward) => recordBackward(backward, first, last),
  };
};

function recordForward(context: ForwardContext, node: ConvolutionNode, pooling: LayerNode): void {
  const u = winogradWeights(context, node);
  const { chunks, shapes, scratch, outputs } = sizes(context.batch, node, pooling);
  const places = context.training ? context.buffer('places', outputs) : 0;
  const bias = node.options.bias ? context.parameter(node, 'bias') : 0;
  context.call(
    'convolutionPoolForward',
    [context.input(0), u, bias, context.output(), places, ...shapes],
    chunks,
    scratch,
  );
}

function recordBackward(context: BackwardContext, node: ConvolutionNode, pooling: LayerNode): void {
  const { chunks, shapes, scratch, outputs } = sizes(context.batch, node, pooling);
  const channels = node.inputShapes[0][2];
  const { filters } = node.options;
  const target = context.inputGradient(0);
  // A filter's part of the gradient is three rows, each rounded up to whole vectors.
  const filterBytes = 4 * 3 * Math.ceil((3 * channels) / 4) * 4;
  const parts = context.buffer('kernel parts', chunks * filters * filterBytes);
  const biases = context.buffer('bias parts', 4 * chunks * filters);
  context.call(
    'convolutionPoolBackward',
    [
      ...[context.input(0), context.parameter(node, 'kernel'), context.buffer('places', outputs)],
      ...[context.outputGradient(), target?.buffer ?? 0, target?.accumulate ?? 0, parts, biases],
      ...shapes,
    ],
    chunks,
    scratch,
  );
  const bias = node.options.bias ? context.gradient(node, 'bias') : 0;
  context.call(
    'convolutionPoolGradient',
    [parts, biases, chunks, context.gradient(node, 'kernel'), bias, channels, filters],
    filters,
  );
}

/** The end of both kernels' arguments, and sizes of their memory. */
function sizes(batch: number, node: ConvolutionNode, pooling: LayerNode) {
  const [rows, columns, channels] = node.inputShapes[0];
  const { imagesPerChunk, chunks } = imageChunks(batch);
  const pad = kernelWindow(node.options).before[0];
  return {
    chunks,
    shapes: [rows, columns, channels, ...pooling.shape, pad, imagesPerChunk, batch],
    scratch: poolScratch(rows, columns, pooling.shape[1], channels, node.options.filters, pad),
    outputs: batch * sizeOf(pooling.shape),
  };
}
