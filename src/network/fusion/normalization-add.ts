import { add } from '../layers/add.ts';
import { batchNormalization } from '../layers/batch-normalization.ts';
import { isLayer, type LayerNode } from '../layers/definition.ts';
import { relu } from '../layers/relu.ts';
import { positionsOf } from '../layers/shapes.ts';
import { rowChunks } from '../plan/chunks.ts';
import {
  callNormalizationBackward,
  normalizationCoefficients,
  recordStatistics,
} from '../plan/normalization.ts';
import type { Operation } from '../plan/operation.ts';
import type { Fusion, FusionContext } from './fusion.ts';

/**
 * The end of a residual block: batch normalisation + addition (+ ReLU), where the other summand may be normalised too.
 * One pass; only the inputs of the normalisations and the sum are stored. The ReLU's mask is where the sum is positive.
 */
export const normalizationAdd: Fusion = (last, context) => {
  const sum = isLayer(last, relu) ? context.producer(last.inputs[0]) : last;
  if (!sum || !isLayer(sum, add) || sum.inputs[0] === sum.inputs[1]) return undefined;
  const summands = sum.inputs.map((tensor) => normalized(tensor, context));
  const main = summands.findIndex((node) => node !== undefined);
  const normalization = summands[main];
  if (!normalization) return undefined;
  const other = summands[1 - main];
  const nodes = [normalization, other, sum, last].filter((node) => node !== undefined);
  return {
    nodes: [...new Set<LayerNode>(nodes)].sort((a, b) => a.index - b.index),
    inputs: [normalization.inputs[0], other?.inputs[0] ?? sum.inputs[1 - main]],
    ...lowering(normalization, other, last !== sum),
  };
};

type Normalization = NonNullable<ReturnType<typeof normalized>>;

function normalized(tensor: number, { producer }: FusionContext) {
  const node = producer(tensor);
  return node && isLayer(node, batchNormalization) ? node : undefined;
}

function lowering(
  main: Normalization,
  other: Normalization | undefined,
  withRelu: boolean,
): Pick<Operation, 'forward' | 'backward'> {
  return {
    forward(context) {
      const [coefficients, otherCoefficients] = [main, other].map((node, index) => {
        if (!node) return 0;
        return context.training
          ? recordStatistics(context, node, index)
          : normalizationCoefficients(context, node);
      });
      const { positions, channels } = positionsOf(main.shape);
      const rows = context.batch * positions;
      const { rowsPerChunk, chunks } = rowChunks(rows, channels);
      context.call(
        'normalizationAddForward',
        [
          context.input(0),
          coefficients,
          context.input(1),
          otherCoefficients,
          context.output(),
          withRelu ? 1 : 0,
          ...[rows, channels, rowsPerChunk],
        ],
        chunks,
      );
    },
    backward(context) {
      const dy = context.outputGradient();
      const masked = withRelu && !context.ownsOutputGradient() ? context.buffer('masked', dy.bytes) : dy;
      const common = { activation: 'none' } as const;
      callNormalizationBackward(context, main, {
        ...common,
        z: context.input(0),
        dy,
        input: 0,
        last: false,
        ...(withRelu ? { relu: { y: context.output(), masked } } : {}),
      });
      if (other) {
        callNormalizationBackward(context, other, {
          ...common,
          z: context.input(1),
          dy: masked,
          input: 1,
          last: true,
        });
      } else if (context.wantsInputGradient(1)) {
        context.passGradient(1, masked);
      }
    },
  };
}
