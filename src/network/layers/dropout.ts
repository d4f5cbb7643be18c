import { elementwise } from '../plan/chunks.ts';
import type { Argument, BackwardContext, ForwardContext } from '../plan/context.ts';
import { type LayerDefinition, type LayerNode, sizeOf } from './definition.ts';

export interface DropoutOptions {
  /** Share of values set to zero. */
  readonly rate: number;
}

/**
 * In training each value is kept with probability 1 - rate and divided by it (inverted scaling; Srivastava et al. 2014).
 * Which are kept is a function of seed, step, layer and element alone.
 */
export const dropout: LayerDefinition<DropoutOptions> = {
  type: 'dropout',
  inputs: 1,
  options: (read) => {
    const rate = read.number('rate', { min: 0, max: 1 });
    return { rate: rate < 1 ? rate : read.fail('rate', 'below 1') };
  },
  outputShape: (_options, [input]) => input,
  forward(context, node) {
    if (!context.training || node.options.rate === 0) context.shareOutput(context.input(0));
    else callDropout(context, node, context.input(0), context.output(), 0);
  },
  backward(context, node) {
    if (!context.wantsInputGradient(0)) return;
    if (node.options.rate === 0) {
      context.passGradient(0, context.outputGradient());
    } else {
      const target = context.inputGradient(0);
      if (target) callDropout(context, node, context.outputGradient(), target.buffer, target.accumulate);
    }
  },
};

function callDropout(
  context: ForwardContext | BackwardContext,
  node: LayerNode<DropoutOptions>,
  from: Argument,
  to: Argument,
  accumulate: 0 | 1,
): void {
  const { args, chunks } = elementwise(context.batch * sizeOf(node.shape));
  // An odd factor, so that no two layers share a key.
  const key = (context.seed ^ Math.imul(node.index + 1, 0x9e3779b1)) | 0;
  context.call(
    'dropout',
    [from, to, accumulate, key, context.stepNumber(), node.options.rate, ...args],
    chunks,
  );
}
