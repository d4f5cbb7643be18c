import type { BootstrapOptions } from './bootstrap.ts';
import { type Calibration, calibration } from './calibration.ts';
import { type HealthyFigures, healthyFigures } from './healthy.ts';
import { type Intervals, intervalsOf } from './intervals.ts';
import { evaluate, type Metrics } from './metrics.ts';
import { betweenPatients, patientTable, type Spread } from './per-patient.ts';
import { labelNumber, type PredictionRow } from './prediction.ts';
import { type PpvAt, ppvAtShares } from './prevalence.ts';
import { type SeedCounting, seedCounting } from './seed-counting.ts';
import { type Unit, unitsOf } from './units.ts';

export interface IntervalMethod {
  /** What is drawn: `cell` where patients are not known. */
  readonly unit: Unit;
  readonly method: string;
  readonly resamples: number;
  readonly seed: number;
  /** Where such intervals are known to cover less than 90 %, or too little is known to say; else null. */
  readonly warning: string | null;
}

/** The figures of some cells under one set of labels, at one threshold. */
export interface Figures extends Metrics {
  readonly cells: number;
  /** Those known. */
  readonly patients: number;
  /** 95 %; figures that are null have none. */
  readonly intervals: Intervals;
  readonly intervalMethod: IntervalMethod;
  /** The same over cells, where the split is by cell: too narrow, since cells of a patient are alike. */
  readonly cellIntervals?: Intervals;
  readonly healthy: HealthyFigures | null;
  readonly ppvAt: readonly PpvAt[];
  readonly calibration: Calibration | null;
  readonly betweenPatients: { readonly sensitivity: Spread | null; readonly specificity: Spread | null };
  /** As the starting project counted, at its threshold of 0.5. */
  readonly seedCounting: SeedCounting;
}

export interface FiguresOptions extends BootstrapOptions {
  /** Patients none of whose cells is parasitized, as published. */
  readonly healthy: ReadonlySet<string>;
  /** Whether the split is by cell, so that intervals over cells are wanted beside. */
  readonly byCell?: boolean;
}

/** @throws EvaluationError `wrong-scores` */
export function figuresOf(
  predictions: readonly PredictionRow[],
  threshold: number,
  { healthy, byCell = false, resamples = 2000, seed = 1 }: FiguresOptions,
): Figures {
  const probabilities = predictions.map(({ probability }) => probability);
  const labels = predictions.map(labelNumber);
  const metrics = evaluate(probabilities, labels, threshold);
  const units = unitsOf(predictions, healthy);
  const { intervals, healthyRate } = intervalsOf(units, threshold, { resamples, seed });
  const asCells = byCell && units.unit === 'patient' ? unitsOf(predictions, healthy, 'cell') : undefined;
  return {
    cells: predictions.length,
    patients: new Set(predictions.map(({ patient }) => patient).filter((patient) => patient !== '')).size,
    ...metrics,
    intervals,
    intervalMethod: {
      unit: units.unit,
      method: `bootstrap standard error on the logit scale, ${units.unit === 'patient' ? 'Student’s t of the effective number of patients' : 'normal quantile'}`,
      resamples,
      seed,
      warning: intervalWarning(predictions, healthy, units.unit),
    },
    ...(asCells ? { cellIntervals: intervalsOf(asCells, threshold, { resamples, seed }).intervals } : {}),
    healthy: healthyFigures(predictions, healthy, threshold, healthyRate, { resamples, seed }),
    ppvAt: ppvAtShares(metrics.sensitivity, metrics.specificity),
    calibration: calibration(probabilities, labels),
    betweenPatients: betweenPatients(patientTable(predictions, threshold)),
    seedCounting: seedCounting(evaluate(probabilities, labels, 0.5)),
  };
}

/**
 * Fewest patients simulated at which every interval holds the truth in 90 % of cases or more (docs/results/interval-coverage.json):
 * 91 to 95 % with 9 infected and 3 healthy ones; but 80 % for the rate of false calls with 2 healthy patients, 81 % for the AUC with
 * 3 infected ones.
 */
const LEAST_PATIENTS = { infected: 9, healthy: 3 };

function intervalWarning(
  predictions: readonly PredictionRow[],
  healthy: ReadonlySet<string>,
  unit: Unit,
): string | null {
  if (unit === 'cell') return 'patients unknown: intervals over cells are too narrow';
  const all = new Set(predictions.map(({ patient }) => patient));
  const clean = [...all].filter((patient) => healthy.has(patient)).length;
  const infected = all.size - clean;
  const few =
    (infected > 0 && infected < LEAST_PATIENTS.infected) || (clean > 0 && clean < LEAST_PATIENTS.healthy);
  return few ? 'too few patients' : null;
}
