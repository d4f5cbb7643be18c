import type { OptionReader } from '../options.ts';
import type { Initialiser, LayerNode } from './definition.ts';
import type { Window } from './shapes.ts';

/** Options that convolutions and dense layers share. */
export interface KernelOptions {
  readonly bias: boolean;
  /** Strength of the L2 penalty on the kernel. */
  readonly l2: number;
  readonly initialiser: 'he-normal' | 'glorot-uniform' | 'zeros';
}

/** Options of convolutions of both kinds. */
export interface WindowedKernelOptions extends KernelOptions {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: 'same' | 'valid' | number;
}

export interface ConvolutionOptions extends WindowedKernelOptions {
  readonly filters: number;
}

export type ConvolutionNode = LayerNode<ConvolutionOptions>;

export function readKernelOptions(read: OptionReader): KernelOptions {
  return {
    bias: read.boolean('bias', true),
    l2: read.number('l2', { default: 0, min: 0 }),
    initialiser: read.choice('initialiser', ['he-normal', 'glorot-uniform', 'zeros'], 'he-normal'),
  };
}

export function readWindowedKernelOptions(read: OptionReader): WindowedKernelOptions {
  return {
    kernel: read.pair('kernel', [3, 3]),
    stride: read.pair('stride', [1, 1]),
    padding: readPadding(read),
    ...readKernelOptions(read),
  };
}

function readPadding(read: OptionReader): 'same' | 'valid' | number {
  const padding = read.raw('padding') ?? 'same';
  if (padding === 'same' || padding === 'valid') return padding;
  if (typeof padding === 'number' && Number.isInteger(padding) && padding >= 0 && padding < 1 << 15)
    return padding;
  return read.fail('padding', "'same', 'valid' or an integer of at least 0");
}

/**
 * 'same' pads kernel - 1 in all, the smaller half before, whatever the stride (as PyTorch's padding = (k - 1) / 2; Keras
 * differs for strides above 1).
 */
export function kernelWindow({ kernel, stride, padding }: WindowedKernelOptions): Window {
  const pad = (size: number): [number, number] => {
    if (padding === 'same') return [Math.floor((size - 1) / 2), size - 1];
    return padding === 'valid' ? [0, 0] : [padding, 2 * padding];
  };
  const [rows, columns] = [pad(kernel[0]), pad(kernel[1])];
  return { size: kernel, stride, before: [rows[0], columns[0]], total: [rows[1], columns[1]] };
}

export function kernelInitialiser(
  { initialiser }: KernelOptions,
  fanIn: number,
  fanOut: number,
): Initialiser {
  if (initialiser === 'zeros') return { type: 'constant', value: 0 };
  return initialiser === 'he-normal'
    ? { type: 'he-normal', fanIn }
    : { type: 'glorot-uniform', fanIn, fanOut };
}
