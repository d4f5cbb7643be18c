import fc from 'fast-check';
import type { Optimiser } from '../../src/network/optimiser.ts';

/** Numbers from `min` to `max`, evenly on a logarithmic scale. */
export function logarithmic(min: number, max: number): fc.Arbitrary<number> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  return share.map((t) => min * (max / min) ** t);
}

/**
 * Any optimiser, each setting given or left out.
 * @param epsilon where adam's is drawn from
 */
export function anyOptimiser(epsilon: fc.Arbitrary<number>): fc.Arbitrary<Optimiser> {
  const weightDecay = logarithmic(1e-3, 0.5);
  const moments = {
    beta1: fc.double({ min: 0, max: 0.95, noNaN: true }),
    beta2: fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
    epsilon,
  };
  const requiredKeys = ['type' as const];
  return fc.oneof(
    fc.record(
      {
        type: fc.constant('sgd' as const),
        momentum: fc.double({ min: 0, max: 0.95, noNaN: true }),
        nesterov: fc.boolean(),
        weightDecay,
      },
      { requiredKeys },
    ),
    fc.record(
      {
        type: fc.constant('adam' as const),
        ...moments,
        convention: fc.constantFrom('keras' as const, 'pytorch' as const),
        weightDecay,
      },
      { requiredKeys },
    ),
    fc.record(
      { type: fc.constant('adamw' as const), ...moments, weightDecay },
      { requiredKeys: ['type', 'weightDecay'] },
    ),
  );
}
