import type { Shape } from '../network.ts';
import type { OptionReader } from '../options.ts';
import type { LayerNode, ShapeFailure } from './definition.ts';
import { type Window, windowedShape } from './shapes.ts';

export interface PoolingOptions {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Rows and columns of padding on each side; never counted and never a maximum. */
  readonly padding: number;
}

export function readPoolingOptions(read: OptionReader): PoolingOptions {
  const size = read.pair('size');
  // The maximum's place in the window is kept in a byte.
  if (size[0] * size[1] > 256) read.fail('size', 'a window of at most 256 positions');
  const stride = read.pair('stride', size);
  const padding = read.number('padding', { default: 0, min: 0, integer: true });
  if (2 * padding > Math.min(...size)) read.fail('padding', 'at most half the size');
  return { size, stride, padding };
}

export function poolingWindow({ size, stride, padding }: PoolingOptions): Window {
  return { size, stride, before: [padding, padding], total: [2 * padding, 2 * padding] };
}

export function poolingShape(options: PoolingOptions, [input]: readonly Shape[], fail: ShapeFailure): Shape {
  return windowedShape(poolingWindow(options), input, input[2], fail);
}

/** Input rows, columns, channels, output rows, columns: the start of the kernels' shapes. */
export function poolingSizes(node: LayerNode<PoolingOptions>): number[] {
  return [...node.inputShapes[0], node.shape[0], node.shape[1]];
}

/** Stride and padding: the end of the kernels' shapes. */
export function poolingSteps({ stride, padding }: PoolingOptions): number[] {
  return [...stride, padding, padding];
}
