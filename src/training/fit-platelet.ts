import type { EngineMath } from '../engine/engine.ts';
import type { PlateletDetector } from '../model/platelet.ts';
import { fitLogistic } from './fit-logistic.ts';

/** A feature that varies by a smaller share of what they vary by on average is as good as dead, and must not decide alone. */
const DEAD = 1e-3;

/**
 * Tells uninfected cells under a drawn platelet from cells as they are, by logistic regression on the features and their squares.
 *
 * @param platelets features of uninfected cells under a platelet, [cells, features]
 * @param cells features of cells of both labels as they are, [cells, features]
 * @param math the engine's: what is fitted is the same everywhere
 * @param onStep awaited before each step, of which each may take seconds. What it throws ends the work.
 */
export async function fitPlatelet(
  platelets: Float32Array,
  cells: Float32Array,
  features: number,
  math: Pick<EngineMath, 'exp'>,
  onStep?: () => Promise<void>,
): Promise<PlateletDetector> {
  const isDead = (column: number, deviations: Float64Array) => {
    const usual = deviations.subarray(0, features).reduce((sum, value) => sum + value / features, 0);
    return deviations[column % features] <= DEAD * usual;
  };
  const table = { columns: 2 * features, values: withSquares([platelets, cells], features) };
  const labels = new Uint8Array((platelets.length + cells.length) / features);
  labels.fill(1, 0, platelets.length / features);
  const options = { isDead, ...(onStep && { onStep }) };
  const { weights, bias } = await fitLogistic(table, labels, math, options);
  return {
    linear: Float32Array.from(weights.subarray(0, features)),
    square: Float32Array.from(weights.subarray(features)),
    bias: Float32Array.of(bias),
  };
}

/** The detector whose scores are those of this one, less `least`. */
export function shiftedPlatelet(detector: PlateletDetector, least: number): PlateletDetector {
  return { ...detector, bias: Float32Array.of(detector.bias[0] - least) };
}

/** [cells, 2 x features]: the features and then their squares. */
function withSquares(sets: readonly Float32Array[], features: number): Float64Array {
  const rows = new Float64Array(2 * sets.reduce((sum, { length }) => sum + length, 0));
  let row = 0;
  for (const set of sets) {
    for (let at = 0; at < set.length; at += features, row += 2 * features) {
      for (let i = 0; i < features; i++) {
        const value = set[at + i];
        rows[row + i] = value;
        rows[row + features + i] = value * value;
      }
    }
  }
  return rows;
}
