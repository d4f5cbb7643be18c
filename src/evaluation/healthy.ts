import { calledShare, type PatientCalls } from './called-share.ts';
import type { Curve } from './curve.ts';
import type { IntervalResult } from './intervals.ts';
import { curveOf } from './operating-points.ts';
import type { Prediction } from './prediction.ts';
import { thresholdForSensitivity } from './thresholds.ts';

/** Red cells in a microlitre of blood: the count at which rates are given (WHO uses 5 million for a man). */
const RED_CELLS_PER_MICROLITRE = 5_000_000;

/** Sensitivities at which the noise floor is given. */
const SENSITIVITIES = [0.8, 0.9, 0.95, 0.97, 0.98, 0.99];

/** How often cells of healthy patients are called parasitized. */
export interface FalseCallRate {
  /** False calls in 1,000 cells; its 95 % interval; its one-sided 95 % upper bound. */
  readonly per1000: number;
  readonly interval: readonly [number, number];
  readonly upper: number;
  /** Parasites a microlitre that a clean slide would read as, at five million red cells; at the upper bound. */
  readonly perMicrolitre: number;
  readonly upperPerMicrolitre: number;
}

/** What a model that abstains calls parasitized by itself, of all cells of healthy patients. */
export interface HealthyCalled extends FalseCallRate {
  readonly cells: number;
  readonly falseCalls: number;
}

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
): HealthyFigures | null {
  const rows = predictions.filter(({ patient }) => healthy.has(patient));
  if (rows.length === 0 || rate === null) return null;
  const falseCalls = rows.filter(({ probability }) => probability >= threshold).length;
  return {
    patients: new Set(rows.map(({ patient }) => patient)).size,
    cells: rows.length,
    falseCalls,
    ...rateOf({ share: falseCalls / rows.length, ...rate }),
    redCellsPerMicrolitre: RED_CELLS_PER_MICROLITRE,
    atSensitivity: healthyCurve(predictions, healthy, SENSITIVITIES),
  };
}

/** Null without healthy patients. */
export function healthyCalled(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  threshold: number,
): HealthyCalled | null {
  const patients = callsByPatient(
    predictions,
    healthy,
    ({ probability, reason }) => !reason && probability >= threshold,
  );
  if (patients.length === 0) return null;
  const sum = (of: 'cells' | 'called') => patients.reduce((total, patient) => total + patient[of], 0);
  return { cells: sum('cells'), falseCalls: sum('called'), ...rateOf(calledShare(patients)) };
}

/** False calls on healthy blood where a share of the parasitized cells is found, for each share that a threshold reaches. */
export function healthyCurve(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  sensitivities: readonly number[],
): FalseCallsAt[] {
  const curve: Curve = curveOf(predictions);
  return sensitivities.flatMap((sensitivity) => {
    const threshold = thresholdForSensitivity(curve, sensitivity);
    if (threshold === null) return [];
    const patients = callsByPatient(predictions, healthy, ({ probability }) => probability >= threshold);
    return patients.length === 0 ? [] : [{ sensitivity, threshold, ...rateOf(calledShare(patients)) }];
  });
}

/** By name, so that the order of the cells changes no draw of the intervals. */
function callsByPatient(
  predictions: readonly Prediction[],
  healthy: ReadonlySet<string>,
  isCalled: (prediction: Prediction) => boolean,
): PatientCalls[] {
  const patients = new Map<string, { cells: number; called: number }>();
  for (const prediction of predictions) {
    if (!healthy.has(prediction.patient)) continue;
    const calls = patients.get(prediction.patient) ?? { cells: 0, called: 0 };
    patients.set(prediction.patient, calls);
    calls.cells++;
    if (isCalled(prediction)) calls.called++;
  }
  return [...patients]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([patient, calls]) => ({ patient, ...calls }));
}

function rateOf({ share, interval, upper }: ReturnType<typeof calledShare>): FalseCallRate {
  return {
    per1000: 1000 * share,
    interval: [1000 * interval[0], 1000 * interval[1]],
    upper: 1000 * upper,
    perMicrolitre: RED_CELLS_PER_MICROLITRE * share,
    upperPerMicrolitre: RED_CELLS_PER_MICROLITRE * upper,
  };
}
