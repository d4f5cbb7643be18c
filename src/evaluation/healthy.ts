import type { IntervalResult } from './intervals.ts';
import type { Prediction } from './prediction.ts';

/** Red cells in a microlitre of blood: the count at which rates are given (WHO uses 5 million for a man). */
const RED_CELLS_PER_MICROLITRE = 5_000_000;

/** False parasitized calls on cells of healthy patients (none of whose cells is parasitized, as published): the noise floor. */
export interface HealthyFigures {
  readonly patients: number;
  readonly cells: number;
  readonly falseCalls: number;
  /** False calls in 1,000 cells; its 95 % interval; its one-sided 95 % upper bound. */
  readonly per1000: number;
  readonly interval: readonly [number, number];
  readonly upper: number;
  /** Parasites a microlitre that a clean slide would read as, at `redCellsPerMicrolitre`; at the upper bound. */
  readonly perMicrolitre: number;
  readonly upperPerMicrolitre: number;
  readonly redCellsPerMicrolitre: typeof RED_CELLS_PER_MICROLITRE;
}

/** Null without healthy patients. */
export function healthyFigures(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  threshold: number,
  rate: IntervalResult['healthyRate'],
): HealthyFigures | null {
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0 || rate === null) return null;
  const falseCalls = rows.filter(({ probability }) => probability >= threshold).length;
  const share = falseCalls / rows.length;
  return {
    patients: new Set(rows.map(({ patient }) => patient)).size,
    cells: rows.length,
    falseCalls,
    per1000: 1000 * share,
    interval: [1000 * rate.interval[0], 1000 * rate.interval[1]],
    upper: 1000 * rate.upper,
    perMicrolitre: RED_CELLS_PER_MICROLITRE * share,
    upperPerMicrolitre: RED_CELLS_PER_MICROLITRE * rate.upper,
    redCellsPerMicrolitre: RED_CELLS_PER_MICROLITRE,
  };
}
