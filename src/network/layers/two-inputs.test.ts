import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { checkLayer, sizes } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test('add: output and gradients', () =>
  checkLayer(
    engine,
    fc.record({ ...sizes, width: sizes.side }).map(({ batch, side, width, channels }) => ({
      layer: { type: 'add' },
      shapes: [
        [batch, side, width, channels],
        [batch, side, width, channels],
      ],
    })),
  ));

test('scale-channels: output and gradients', () =>
  checkLayer(
    engine,
    fc.record({ ...sizes, width: sizes.side }).map(({ batch, side, width, channels }) => ({
      layer: { type: 'scale-channels' },
      shapes: [
        [batch, side, width, channels],
        [batch, channels],
      ],
    })),
  ));
