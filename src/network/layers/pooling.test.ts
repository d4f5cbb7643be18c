import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { runLayers } from '../../../test/support/run-layers.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test.each(['max-pooling', 'average-pooling'])(
  '%s: output and gradient, over sizes, strides and padding',
  (type) =>
    checkLayer(
      engine,
      fc
        .record({
          ...sizes,
          width: sizes.side,
          size: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
          stride: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
          padding: fc.integer({ min: 0, max: 2 }),
        })
        .filter(({ size, padding, side, width }) => {
          const fits = side + 2 * padding >= size[0] && width + 2 * padding >= size[1];
          return fits && 2 * padding <= Math.min(...size);
        })
        .map(({ batch, side, width, channels, ...options }) => ({
          layer: { type, ...options },
          shapes: [[batch, side, width, channels]],
        })),
    ),
);

test.each(['global-max-pooling', 'global-average-pooling', 'global-generalized-mean-pooling', 'flatten'])(
  '%s: output and gradient',
  (type) =>
    checkLayer(
      engine,
      fc.record({ ...sizes, width: sizes.side }).map(({ batch, side, width, channels }) => ({
        layer: { type },
        shapes: [[batch, side, width, channels]],
      })),
    ),
);

test.each([
  ['max-pooling', { size: 2 }],
  ['average-pooling', { size: 2 }],
  ['global-max-pooling', {}],
  ['global-average-pooling', {}],
  ['global-generalized-mean-pooling', {}],
])('%s: what is no number stays so, wherever it comes', async (type, options) => {
  for (const place of [0, 3, 12, 15]) {
    const data = Array.from({ length: 16 }, (_, i) => (i === place ? Number.NaN : i));
    const input = { shape: [1, 4, 4, 1], data };
    const { output } = await runLayers(engine, [{ type, ...options }], [input], new Map(), () => [
      0, 0, 0, 0,
    ]);
    expect([...Array.from(output.data)].filter(Number.isNaN)).toHaveLength(1);
  }
});
