import type { LayerNode } from '../layers/definition.ts';
import { positionsOf } from '../layers/shapes.ts';
import { rowChunks } from './chunks.ts';
import type { Argument, BackwardContext, ForwardContext, PlanBuffer, StatisticsParts } from './context.ts';

// The calls of a batch normalisation, for the layer alone and for the fusions. See the formulas in
// engine/kernels/normalization.ts; `coefficients` there are mean, scale, beta, 1 / deviation.

/** What follows the normalisation in the same pass. */
export type NormalizationActivation = 'none' | 'relu' | 'silu';
const ACTIVATIONS: readonly NormalizationActivation[] = ['none', 'relu', 'silu'];

/** The options the calls need. */
type NormalizationNode = LayerNode<{
  readonly momentum: number;
  readonly epsilon: number;
  readonly unbiased: boolean;
}>;

/**
 * Training: statistics of the batch of the `index`-th input; moves the running ones. Returns the coefficients, kept for
 * backward.
 */
export function recordStatistics(
  context: ForwardContext,
  node: NormalizationNode,
  index: number,
): PlanBuffer {
  const { rows, channels } = rowsOf(context, node);
  const { parts, rowsPerChunk } = context.inputStatistics(index) ?? callStatistics(context, node, index);
  const coefficients = coefficientBuffer(context, node);
  const parameters = ['gamma', 'beta', 'mean', 'variance'].map((name) => context.parameter(node, name));
  const { momentum, epsilon, unbiased } = node.options;
  context.call(
    'normalizationFinish',
    [parts, ...parameters, coefficients, momentum, epsilon, unbiased ? 1 : 0, rows, channels, rowsPerChunk],
    Math.ceil(channels / 16),
  );
  return coefficients;
}

function callStatistics(context: ForwardContext, node: NormalizationNode, index: number): StatisticsParts {
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(context, node);
  const parts = context.buffer(`${node.name} statistics parts`, 8 * chunks * channels);
  context.call(
    'normalizationStatistics',
    [context.input(index), parts, rows, channels, rowsPerChunk],
    chunks,
  );
  return { parts, rowsPerChunk };
}

/** Inference: coefficients from the running statistics, made when weights are loaded. Returns their address. */
export function normalizationCoefficients(context: ForwardContext, node: NormalizationNode): number {
  const channels = node.shape[node.shape.length - 1];
  return context.prepared(`${node.name} coefficients`, 16 * channels, (address, call) => {
    const parameters = ['gamma', 'beta', 'mean', 'variance'].map((name) => context.parameter(node, name));
    call('normalizationFromRunning', [...parameters, address, node.options.epsilon, channels], 1);
  });
}

export function normalizationForward(
  context: ForwardContext,
  node: NormalizationNode,
  {
    z,
    coefficients,
    y,
    activation,
  }: { z: Argument; coefficients: Argument; y: Argument; activation: NormalizationActivation },
): void {
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(context, node);
  context.call(
    'normalizationForward',
    [z, coefficients, y, ACTIVATIONS.indexOf(activation), rows, channels, rowsPerChunk],
    chunks,
  );
}

export interface NormalizationBackward {
  /** The normalisation's input. */
  readonly z: PlanBuffer;
  readonly dy: PlanBuffer;
  /** Which input of the operation gets the gradient. */
  readonly input: number;
  readonly activation: NormalizationActivation;
  /** Whether dy, where the operation owns it, is not read any more and may become the input's gradient. */
  readonly last: boolean;
  /** Output of a ReLU further on: its mask is applied instead, and the masked gradient is written to `masked`. */
  readonly relu?: { readonly y: PlanBuffer; readonly masked: PlanBuffer };
  /** Sums of dy, already through the activation, where whoever computed it has made them. */
  readonly sums?: StatisticsParts;
}

/** Gradients of gamma, beta and, where wanted, of the input. */
export function callNormalizationBackward(
  context: BackwardContext,
  node: NormalizationNode,
  { z, dy, input, activation, last, relu, sums }: NormalizationBackward,
): void {
  const { rows, channels, rowsPerChunk, chunks } = rowsOf(context, node);
  const coefficients = coefficientBuffer(context, node);
  const code = ACTIVATIONS.indexOf(activation);
  const shapes = [rows, channels, rowsPerChunk];
  const own = context.buffer(`${node.name} gradient parts`, 8 * chunks * channels);
  if (!sums) {
    context.call(
      'normalizationBackwardSums',
      [dy, z, relu?.y ?? 0, relu?.masked ?? 0, coefficients, own, code, ...shapes],
      chunks,
    );
  }
  const { parts, rowsPerChunk: rowsPerPart } = sums ?? { parts: own, rowsPerChunk };
  const slopes = context.buffer(`${node.name} slopes`, 8 * channels);
  context.call(
    'normalizationBackwardFinish',
    [
      parts,
      coefficients,
      context.gradient(node, 'gamma'),
      context.gradient(node, 'beta'),
      slopes,
      rows,
      channels,
      rowsPerPart,
    ],
    Math.ceil(channels / 16),
  );
  const apply = (dz: PlanBuffer, accumulate: 0 | 1) =>
    context.call(
      'normalizationBackward',
      [relu?.masked ?? dy, z, coefficients, slopes, dz, accumulate, code, ...shapes],
      chunks,
    );
  if (!context.wantsInputGradient(input)) return;
  if (activation !== 'silu') {
    const rest = { z, coefficients, slopes, relu: activation === 'relu' ? 1 : 0 } as const;
    if (context.deferGradient(input, relu?.masked ?? dy, rest)) return;
  }
  if (last && context.ownsOutputGradient() && dy === context.outputGradient()) {
    apply(dy, 0);
    context.passGradient(input, dy);
    return;
  }
  const target = context.inputGradient(input);
  if (target) apply(target.buffer, target.accumulate);
}

/** Where the coefficients of the batch are kept from forward to backward. */
export function coefficientBuffer(
  context: ForwardContext | BackwardContext,
  node: { readonly name: string; readonly shape: readonly number[] },
): PlanBuffer {
  return context.buffer(`${node.name} coefficients`, 16 * node.shape[node.shape.length - 1]);
}

function rowsOf(context: { readonly batch: number }, node: { readonly shape: readonly number[] }) {
  const { positions, channels } = positionsOf(node.shape);
  const rows = context.batch * positions;
  return { rows, channels, ...rowChunks(rows, channels) };
}
