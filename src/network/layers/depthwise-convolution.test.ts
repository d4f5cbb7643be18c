import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test('output and gradients, over kernels, strides and shapes', () =>
  checkLayer(
    engine,
    fc
      .record({
        ...sizes,
        width: sizes.side,
        kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
        stride: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom<'same' | number>('same', 2),
        bias: fc.boolean(),
      })
      .map(({ kernel, stride, padding, bias, batch, side, width, channels }) => ({
        layer: { type: 'depthwise-convolution', kernel, stride, padding, bias },
        shapes: [[batch, side, width, channels]],
      })),
  ));
