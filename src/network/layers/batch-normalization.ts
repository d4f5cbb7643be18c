import type { OptionReader } from '../options.ts';
import {
  callNormalizationBackward,
  normalizationCoefficients,
  normalizationForward,
  recordStatistics,
} from '../plan/normalization.ts';
import type { Initialiser, LayerDefinition } from './definition.ts';
import { channelParameter, ONES, ZEROS } from './parameters.ts';

export interface BatchNormalizationOptions {
  /** Share of the running statistics that each step keeps (Keras; PyTorch's momentum is 1 - this). */
  readonly momentum: number;
  /** Added to the variance. */
  readonly epsilon: number;
  readonly gamma: Initialiser;
  readonly beta: Initialiser;
  /** Running variance with n - 1 (PyTorch) instead of n (Keras). */
  readonly unbiased: boolean;
}

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, statistics over batch and positions in training, running ones
 * in inference (Ioffe and Szegedy 2015, arXiv 1502.03167).
 */
export const batchNormalization: LayerDefinition<BatchNormalizationOptions> = {
  type: 'batch-normalization',
  inputs: 1,
  options: (read) => ({
    momentum: read.number('momentum', { default: 0.9, min: 0, max: 1 }),
    epsilon: read.number('epsilon', { default: 1e-5, min: 1e-12 }),
    gamma: start(read, 'gamma') ?? ONES,
    beta: start(read, 'beta') ?? ZEROS,
    unbiased: read.boolean('unbiased', false),
  }),
  outputShape: (_options, [input]) => input,
  parameters(options, [input]) {
    const channels = input[input.length - 1];
    return [
      channelParameter('gamma', channels, options.gamma),
      channelParameter('beta', channels, options.beta),
      channelParameter('mean', channels, ZEROS, false),
      channelParameter('variance', channels, ONES, false),
    ];
  },
  multiplyAdds: (_options, _inputs, output) => output.reduce((product, length) => product * length, 1),
  forward(context, node) {
    const z = context.input(0);
    const coefficients = context.training
      ? recordStatistics(context, node, 0)
      : normalizationCoefficients(context, node);
    if (context.mayOverwrite(0)) context.shareOutput(z);
    normalizationForward(context, node, { z, coefficients, y: context.output(), activation: 'none' });
  },
  backward(context, node) {
    callNormalizationBackward(context, node, {
      z: context.input(0),
      dy: context.outputGradient(),
      input: 0,
      activation: 'none',
      last: true,
    });
  },
};

/** A number, or `{deviation}` for a normal distribution about 0; undefined where missing. */
function start(read: OptionReader, field: string): Initialiser | undefined {
  const value = read.raw(field);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return { type: 'constant', value };
  if (typeof value === 'object' && value !== null && 'deviation' in value) {
    const { deviation } = value;
    if (typeof deviation === 'number' && deviation >= 0 && Number.isFinite(deviation)) {
      return { type: 'normal', deviation };
    }
  }
  return read.fail(field, 'a number or {deviation: a number of at least 0}');
}
