import type { BootstrapOptions } from './bootstrap.ts';
import { type FalseCallRate, falseCallRate, falseCalls, RED_CELLS_PER_MICROLITRE } from './false-calls.ts';
import type { IntervalResult } from './intervals.ts';
import { curveOf } from './operating-points.ts';
import type { Prediction } from './prediction.ts';
import { thresholdForSensitivity } from './thresholds.ts';

/** Sensitivities at which the noise floor is given. */
const SENSITIVITIES = [0.8, 0.9, 0.95, 0.97, 0.98, 0.99];

/** The rate at the highest threshold that finds this share of the parasitized cells: read off the evaluated cells, not chosen before. */
export interface FalseCallsAt extends FalseCallRate {
  readonly sensitivity: number;
  readonly threshold: number;
}

/** False parasitized calls on cells of healthy patients (none of whose cells is parasitized, as published): the noise floor. */
export interface HealthyFigures extends FalseCallRate {
  readonly patients: number;
  readonly cells: number;
  readonly falseCalls: number;
  readonly redCellsPerMicrolitre: typeof RED_CELLS_PER_MICROLITRE;
  /** Empty where no cell is parasitized. */
  readonly atSensitivity: readonly FalseCallsAt[];
}

/** Null without healthy patients. */
export function healthyFigures(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  threshold: number,
  rate: IntervalResult['healthyRate'],
  options: BootstrapOptions = {},
): HealthyFigures | null {
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0 || rate === null) return null;
  const called = rows.filter(({ probability }) => probability >= threshold).length;
  return {
    patients: new Set(rows.map(({ patient }) => patient)).size,
    cells: rows.length,
    falseCalls: called,
    ...falseCallRate({ share: called / rows.length, ...rate }),
    redCellsPerMicrolitre: RED_CELLS_PER_MICROLITRE,
    atSensitivity: healthyCurve(predictions, healthy, SENSITIVITIES, options),
  };
}

/** False calls on healthy blood where a share of the parasitized cells is found, for each share that a threshold reaches. */
export function healthyCurve(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  sensitivities: readonly number[],
  options: BootstrapOptions = {},
): FalseCallsAt[] {
  const curve = curveOf(predictions);
  const points = sensitivities.flatMap((sensitivity) => {
    const threshold = thresholdForSensitivity(curve, sensitivity);
    return threshold === null ? [] : [{ sensitivity, threshold }];
  });
  const ways = points.map(
    ({ threshold }) =>
      ({ probability }: Prediction) =>
        probability >= threshold,
  );
  return falseCalls(predictions, healthy, ways, options).map(
    ({ cells: _cells, falseCalls: _calls, ...rate }, i) => ({ ...points[i], ...rate }),
  );
}
