import { elementwise } from '../plan/chunks.ts';
import { type LayerDefinition, sizeOf } from './definition.ts';

/**
 * A layer that works value by value: kernels `<name>Forward(x, y)` and `<name>Backward(saved, dy, dx)`.
 * @param saved what the slope is computed from: the input or the output
 */
export function activation(type: string, saved: 'input' | 'output'): LayerDefinition {
  return {
    type,
    inputs: 1,
    options: () => ({}),
    outputShape: (_options, [input]) => input,
    forward(context, node) {
      const { args, chunks } = elementwise(context.batch * sizeOf(node.shape));
      if (context.mayOverwrite(0)) context.shareOutput(context.input(0));
      context.call(`${type}Forward`, [context.input(0), context.output(), ...args], chunks);
    },
    backward(context, node) {
      const { args, chunks } = elementwise(context.batch * sizeOf(node.shape));
      const target = context.inputGradient(0);
      if (!target) return;
      const from = saved === 'input' ? context.input(0) : context.output();
      context.call(
        `${type}Backward`,
        [from, context.outputGradient(), target.buffer, target.accumulate, ...args],
        chunks,
      );
    },
  };
}
