import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { resolveLayers } from '../graph.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const window = {
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.constantFrom<'same' | number>('same', 1, 2, 4),
  bias: fc.boolean(),
};

test('output and gradients, over kernels, strides, paddings and shapes', () =>
  checkLayer(
    engine,
    fc
      .record({ ...window, ...sizes, width: sizes.side, filters: fc.integer({ min: 1, max: 9 }) })
      .filter(({ padding, kernel, side, width }) => padding === 'same' || fits(kernel, padding, side, width))
      .map(({ kernel, stride, padding, bias, batch, side, width, channels, filters }) => ({
        layer: { type: 'convolution', kernel, stride, padding, bias, filters },
        shapes: [[batch, side, width, channels]],
      })),
  ));

test('3x3 kernels of stride 1, whose algorithm is another one', () =>
  checkLayer(
    engine,
    fc
      .record({
        batch: sizes.batch,
        height: fc.integer({ min: 4, max: 9 }),
        width: fc.integer({ min: 4, max: 9 }),
        channels: fc.constantFrom(4, 8),
        filters: fc.constantFrom(4, 8, 12),
        padding: fc.constantFrom('same', 'valid'),
        bias: fc.boolean(),
      })
      .filter(({ padding, height, width }) => padding === 'same' || Math.min(height, width) >= 6)
      .map(({ batch, height, width, channels, ...options }) => ({
        layer: { type: 'convolution', ...options },
        shapes: [[batch, height, width, channels]],
      })),
    { runs: 15 },
  ));

test('parameters and multiply-adds are counted', () => {
  const { nodes } = resolveLayers(
    [{ name: 'input', shape: [150, 150, 3] }],
    [{ type: 'convolution', filters: 64, padding: 'valid' }],
  );
  expect(nodes[0].shape).toEqual([148, 148, 64]);
  expect(nodes[0].parameters.map(({ shape }) => shape)).toEqual([[3, 3, 3, 64], [64]]);
  expect(nodes[0].multiplyAdds).toBe(148 * 148 * 64 * 27);
});

function fits(
  [rows, columns]: readonly [number, number],
  padding: number,
  height: number,
  width: number,
): boolean {
  return height + 2 * padding >= rows && width + 2 * padding >= columns;
}
