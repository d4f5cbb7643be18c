import { expect, it } from 'vitest';
import { fromStored, storedLayout, toStored } from './layout.ts';

it('stores the kernel of a convolution as [outputs, inputs, rows, columns]', () => {
  const shape = [1, 2, 2, 3];
  // Values say where they are: row, column, input, output.
  const values = new Float32Array(12);
  for (let column = 0; column < 2; column++) {
    for (let input = 0; input < 2; input++) {
      for (let output = 0; output < 3; output++) {
        values[(column * 2 + input) * 3 + output] = column * 100 + input * 10 + output;
      }
    }
  }
  const layout = storedLayout('convolution', 'kernel', shape);
  expect(layout.shape).toEqual([3, 2, 1, 2]);
  const stored = toStored(values, shape, layout);
  expect([...stored]).toEqual([0, 100, 10, 110, 1, 101, 11, 111, 2, 102, 12, 112]);
  expect(fromStored(stored, shape, layout)).toEqual(values);
});

it('stores the kernel of a depthwise convolution as [channels, 1, rows, columns]', () => {
  const shape = [2, 1, 3];
  const values = Float32Array.of(0, 1, 2, 10, 11, 12);
  const layout = storedLayout('depthwise-convolution', 'kernel', shape);
  expect(layout.shape).toEqual([3, 1, 2, 1]);
  expect([...toStored(values, shape, layout)]).toEqual([0, 10, 1, 11, 2, 12]);
  expect(fromStored(toStored(values, shape, layout), shape, layout)).toEqual(values);
});

it('leaves everything else as it is', () => {
  const values = Float32Array.of(1, 2);
  expect(toStored(values, [2, 1], storedLayout('dense', 'kernel', [2, 1]))).toBe(values);
});
