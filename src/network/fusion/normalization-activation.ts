import { batchNormalization } from '../layers/batch-normalization.ts';
import { isLayer } from '../layers/definition.ts';
import { relu } from '../layers/relu.ts';
import { silu } from '../layers/silu.ts';
import {
  callNormalizationBackward,
  normalizationCoefficients,
  normalizationForward,
  recordStatistics,
} from '../plan/normalization.ts';
import type { Fusion } from './fusion.ts';

/**
 * Batch normalisation + ReLU or SiLU: one pass. Backward computes the normalised value again from the normalisation's
 * input, so that it is never stored.
 */
export const normalizationActivation: Fusion = (last, { producer }) => {
  if (!isLayer(last, relu) && !isLayer(last, silu)) return undefined;
  const activation = isLayer(last, relu) ? 'relu' : 'silu';
  const normalization = producer(last.inputs[0]);
  if (!normalization || !isLayer(normalization, batchNormalization)) return undefined;
  return {
    nodes: [normalization, last],
    inputs: normalization.inputs,
    forward(context) {
      const z = context.input(0);
      const coefficients = context.training
        ? recordStatistics(context, normalization, 0)
        : normalizationCoefficients(context, normalization);
      if (context.mayOverwrite(0)) context.shareOutput(z);
      normalizationForward(context, normalization, { z, coefficients, y: context.output(), activation });
    },
    backward(context) {
      callNormalizationBackward(context, normalization, {
        z: context.input(0),
        dy: context.outputGradient(),
        input: 0,
        activation,
        last: true,
      });
    },
  };
};
