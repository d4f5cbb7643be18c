import { batchNormalization } from '../layers/batch-normalization.ts';
import { convolution } from '../layers/convolution.ts';
import { isLayer, type LayerNode, sizeOf } from '../layers/definition.ts';
import { dense } from '../layers/dense.ts';
import { depthwiseConvolution } from '../layers/depthwise-convolution.ts';
import { relu } from '../layers/relu.ts';
import { silu } from '../layers/silu.ts';
import { elementwise } from '../plan/chunks.ts';
import type { ForwardContext } from '../plan/context.ts';
import { normalizationCoefficients } from '../plan/normalization.ts';
import type { Fusion } from './fusion.ts';

/**
 * Inference: the normalisation behind a convolution or a dense layer becomes part of its weights, when they are loaded:
 * w' = w scale, bias' = (bias - mean) scale + beta. An activation behind works in place.
 */
export const foldedNormalization: Fusion = (last, { training, producer }) => {
  if (training) return undefined;
  const activation = isLayer(last, relu) || isLayer(last, silu) ? last : undefined;
  const normalization = activation ? producer(activation.inputs[0]) : last;
  if (!normalization || !isLayer(normalization, batchNormalization)) return undefined;
  const layer = producer(normalization.inputs[0]);
  if (!layer || !hasKernel(layer)) return undefined;
  return {
    nodes: activation ? [layer, normalization, activation] : [layer, normalization],
    inputs: layer.inputs,
    forward(context) {
      const folded = foldedParameters(context, layer, normalization);
      layer.definition.forward(
        { ...context, parameter: (_layer, name) => folded[name === 'kernel' ? 'kernel' : 'bias'] },
        { ...layer, options: { ...layer.options, bias: true } },
      );
      if (!activation) return;
      const { args, chunks } = elementwise(context.batch * sizeOf(layer.shape));
      const y = context.output();
      context.call(`${activation.type}Forward`, [y, y, ...args], chunks);
    },
    backward() {
      throw new Error('an inference plan has no backward pass');
    },
  };
};

/** Layers whose kernel has the output channels last, and a bias. */
type KernelNode = LayerNode<{ readonly bias: boolean }>;

function hasKernel(node: LayerNode): node is KernelNode {
  return isLayer(node, convolution) || isLayer(node, depthwiseConvolution) || isLayer(node, dense);
}

function foldedParameters(
  context: ForwardContext,
  layer: KernelNode,
  normalization: Parameters<typeof normalizationCoefficients>[1],
): { kernel: number; bias: number } {
  const channels = layer.shape[layer.shape.length - 1];
  const values = sizeOf(layer.parameters[0].shape);
  const coefficients = normalizationCoefficients(context, normalization);
  const bytes = 4 * values + 64;
  const kernel = context.prepared('folded', bytes + 4 * channels, (address, call) => {
    const bias = layer.options.bias ? context.parameter(layer, 'bias') : 0;
    const shapes = [values / channels, channels];
    const from = [context.parameter(layer, 'kernel'), bias, coefficients];
    call('normalizationFold', [...from, address, foldedBias(address, values), ...shapes], 1);
  });
  return { kernel, bias: foldedBias(kernel, values) };
}

/** The bias lies behind the kernel, on the next line of the cache. */
function foldedBias(kernel: number, values: number): number {
  return Math.ceil((kernel + 4 * values) / 64) * 64;
}
