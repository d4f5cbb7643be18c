import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { checkLayer } from '../../../test/support/check-layer.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test('output and gradients, over shapes', () =>
  checkLayer(
    engine,
    fc
      .record({
        batch: fc.integer({ min: 1, max: 9 }),
        inputs: fc.integer({ min: 1, max: 70 }),
        units: fc.integer({ min: 1, max: 40 }),
        bias: fc.boolean(),
      })
      .map(({ batch, inputs, units, bias }) => ({
        layer: { type: 'dense', units, bias },
        shapes: [[batch, inputs]],
      })),
    { runs: 15 },
  ));
