import { elementwise } from '../plan/chunks.ts';
import { type LayerDefinition, sizeOf } from './definition.ts';

/** y = a + b, of one shape (residual connections: He et al. 2015, arXiv 1512.03385). */
export const add: LayerDefinition = {
  type: 'add',
  inputs: 2,
  options: () => ({}),
  outputShape: (_options, [a, b], fail) =>
    a.length === b.length && a.every((length, i) => length === b[i]) ? a : fail('two inputs of one shape'),
  forward(context, node) {
    const { args, chunks } = elementwise(context.batch * sizeOf(node.shape));
    context.call('addForward', [context.input(0), context.input(1), context.output(), 0, ...args], chunks);
  },
  backward(context) {
    for (const input of [0, 1]) {
      if (context.wantsInputGradient(input)) context.passGradient(input, context.outputGradient());
    }
  },
};
