import { add } from '../layers/add.ts';
import { isLayer, sizeOf } from '../layers/definition.ts';
import { relu } from '../layers/relu.ts';
import { elementwise } from '../plan/chunks.ts';
import type { Fusion } from './fusion.ts';

/** Inference: addition + ReLU in one pass, in place of a summand that nobody else reads. */
export const addActivation: Fusion = (last, { training, producer }) => {
  if (training || !isLayer(last, relu)) return undefined;
  const sum = producer(last.inputs[0]);
  if (!sum || !isLayer(sum, add)) return undefined;
  return {
    nodes: [sum, last],
    inputs: sum.inputs,
    forward(context) {
      const place = [0, 1].find((index) => context.mayOverwrite(index));
      if (place !== undefined) context.shareOutput(context.input(place));
      const { args, chunks } = elementwise(context.batch * sizeOf(sum.shape));
      context.call('addForward', [context.input(0), context.input(1), context.output(), 1, ...args], chunks);
    },
    backward() {
      throw new Error('an inference plan has no backward pass');
    },
  };
};
