import { batchNormalization } from '../layers/batch-normalization.ts';
import { convolution } from '../layers/convolution.ts';
import type { ConvolutionNode } from '../layers/convolution-options.ts';
import { isLayer } from '../layers/definition.ts';
import { relu } from '../layers/relu.ts';
import { callWinograd, callWinogradBackward, usesWinograd } from '../layers/winograd.ts';
import { imageChunks } from '../plan/chunks.ts';
import type { ForwardContext, PlanBuffer } from '../plan/context.ts';
import { callNormalizationBackward, coefficientBuffer, recordStatistics } from '../plan/normalization.ts';
import type { Fusion } from './fusion.ts';

// Training: batch normalisations around a Winograd convolution are bound by memory, so their parts are computed while the
// convolution has the values in the cache: the statistics of its output, the gradient through a normalisation behind it,
// and the normalisation and ReLU before it.

/** The convolution alone, with what it can do for the normalisation behind it. */
export const winogradBeforeNormalization: Fusion = (last, { training }) => {
  if (!training || !isLayer(last, convolution) || !usesWinograd(last)) return undefined;
  return {
    nodes: [last],
    inputs: last.inputs,
    takesDeferredGradient: true,
    forward: (context) => callWinograd(context, last, outputStatistics(context, last)),
    backward: (context) => callWinogradBackward(context, last, { target: context.inputGradient(0) }),
  };
};

/** Batch normalisation + ReLU + convolution: what the ReLU gives is computed again in each pass and never stored. */
export const normalizedWinograd: Fusion = (last, { training, producer }) => {
  if (!training || !isLayer(last, convolution) || !usesWinograd(last)) return undefined;
  // The coefficients lie channel by channel, not padded to four.
  if (last.inputShapes[0][2] % 4 !== 0) return undefined;
  const activation = producer(last.inputs[0]);
  if (!activation || !isLayer(activation, relu)) return undefined;
  const normalization = producer(activation.inputs[0]);
  if (!normalization || !isLayer(normalization, batchNormalization)) return undefined;
  return {
    nodes: [normalization, activation, last],
    inputs: normalization.inputs,
    takesDeferredGradient: true,
    forward(context) {
      const coefficients = recordStatistics(context, normalization, 0);
      callWinograd(context, last, { coefficients, ...outputStatistics(context, last) });
    },
    backward(context) {
      const coefficients = coefficientBuffer(context, normalization);
      const dy = context.buffer('input gradient', context.input(0).bytes);
      const { imagesPerChunk, chunks } = imageChunks(context.batch);
      const [rows, columns, channels] = normalization.shape;
      const parts = context.buffer('sums of the input gradient', 8 * chunks * channels);
      const target = { buffer: dy, accumulate: 0 } as const;
      callWinogradBackward(context, last, { target, coefficients, inputSums: parts });
      callNormalizationBackward(context, normalization, {
        z: context.input(0),
        dy,
        input: 0,
        activation: 'none',
        last: true,
        sums: { parts, rowsPerChunk: imagesPerChunk * rows * columns },
      });
    },
  };
};

/** Where a normalisation behind wants them. */
function outputStatistics(context: ForwardContext, node: ConvolutionNode): { statistics?: PlanBuffer } {
  if (!context.normalizesOutput()) return {};
  const { imagesPerChunk, chunks } = imageChunks(context.batch);
  const [rows, columns, channels] = node.shape;
  const parts = context.buffer('statistics of the output', 8 * chunks * channels);
  context.provideStatistics({ parts, rowsPerChunk: imagesPerChunk * rows * columns });
  return { statistics: parts };
}
