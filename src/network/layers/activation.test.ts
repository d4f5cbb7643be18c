import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test.each(['relu', 'silu', 'sigmoid'])('%s: output and gradient', (type) =>
  checkLayer(
    engine,
    fc.record({ ...sizes, width: sizes.side }).map(({ batch, side, width, channels }) => ({
      layer: { type },
      shapes: [[batch, side, width, channels]],
    })),
  ),
);
