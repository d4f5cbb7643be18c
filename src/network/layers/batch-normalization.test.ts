import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test('output and gradients of images and of features', () =>
  checkLayer(
    engine,
    fc
      .record({ ...sizes, width: sizes.side, epsilon: fc.constantFrom(1e-5, 0.005), image: fc.boolean() })
      // Of one value a channel the normalised one is zero, and differences of it are noise.
      .filter(({ batch, side, width, image }) => batch * (image ? side * width : 1) > 1)
      .map(({ batch, side, width, channels, epsilon, image }) => ({
        layer: { type: 'batch-normalization', epsilon },
        shapes: [image ? [batch, side, width, channels] : [batch, channels]],
      })),
  ));
