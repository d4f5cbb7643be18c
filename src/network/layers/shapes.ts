import type { Shape } from '../network.ts';
import { type ShapeFailure, sizeOf } from './definition.ts';

/** Rows, columns, channels of an image-like tensor. */
export function imageShape(shape: Shape, fail: ShapeFailure): readonly [number, number, number] {
  const [height, width, channels] = shape;
  return shape.length === 3 ? [height, width, channels] : fail('an input [height, width, channels]');
}

/** Positions (rows times columns; 1 for features) and channels, for layers that treat all positions alike. */
export function positionsOf(shape: Shape): { positions: number; channels: number } {
  const channels = shape[shape.length - 1];
  return { positions: sizeOf(shape) / channels, channels };
}

/** Rows and columns of windows over an image; padding at top and left, and in all. */
export interface Window {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly before: readonly [number, number];
  readonly total: readonly [number, number];
}

/** Shape after windows: floor((length + padding - size) / stride) + 1 in each direction. */
export function windowedShape(window: Window, input: Shape, channels: number, fail: ShapeFailure): Shape {
  const [height, width] = imageShape(input, fail);
  const [rows, columns] = [height, width].map(
    (length, i) => Math.floor((length + window.total[i] - window.size[i]) / window.stride[i]) + 1,
  );
  if (rows < 1 || columns < 1) fail(`at least one window of ${window.size.join('x')} to fit`);
  return [rows, columns, channels];
}
