import type { PredictionRow } from './prediction.ts';
import { quantiles } from './quantiles.ts';

/** The cells of one patient, by what they are and what they were called. */
export interface PatientRow {
  readonly patient: string;
  readonly parasitized: number;
  readonly uninfected: number;
  readonly tp: number;
  readonly fn: number;
  readonly tn: number;
  readonly fp: number;
  /** Null without parasitized cells. */
  readonly sensitivity: number | null;
  /** Null without uninfected cells. */
  readonly specificity: number | null;
}

/** Fields of a row, in order. */
export const PATIENT_COLUMNS = [
  'patient',
  'parasitized',
  'uninfected',
  'tp',
  'fn',
  'tn',
  'fp',
  'sensitivity',
  'specificity',
] as const satisfies readonly (keyof PatientRow)[];

/** How a figure varies between patients. */
export interface Spread {
  readonly patients: number;
  readonly percentile10: number;
  readonly median: number;
  readonly percentile90: number;
  readonly minimum: number;
}

/** A row a patient, sorted by name, P2 before P10; cells of unknown patients are left out. */
export function patientTable(predictions: readonly PredictionRow[], threshold: number): PatientRow[] {
  const counts = new Map<string, { tp: number; fn: number; tn: number; fp: number }>();
  for (const { patient, label, probability } of predictions) {
    if (patient === '') continue;
    const count = counts.get(patient) ?? { tp: 0, fn: 0, tn: 0, fp: 0 };
    counts.set(patient, count);
    const called = probability >= threshold;
    if (label === 'parasitized') count[called ? 'tp' : 'fn']++;
    else count[called ? 'fp' : 'tn']++;
  }
  return [...counts]
    .sort(([a], [b]) => byName.compare(a, b))
    .map(([patient, { tp, fn, tn, fp }]) => ({
      patient,
      parasitized: tp + fn,
      uninfected: tn + fp,
      tp,
      fn,
      tn,
      fp,
      sensitivity: tp + fn === 0 ? null : tp / (tp + fn),
      specificity: tn + fp === 0 ? null : tn / (tn + fp),
    }));
}

const byName = new Intl.Collator('en', { numeric: true });

/** With fewer cells, a patient's share says more of chance than of the patient. */
const LEAST_CELLS = 10;

/** Spread of sensitivity over patients with ten parasitized cells or more, of specificity over those with ten uninfected ones. */
export function betweenPatients(rows: readonly PatientRow[]): {
  sensitivity: Spread | null;
  specificity: Spread | null;
} {
  return {
    sensitivity: spread(rows.filter((row) => row.parasitized >= LEAST_CELLS).map((row) => row.sensitivity)),
    specificity: spread(rows.filter((row) => row.uninfected >= LEAST_CELLS).map((row) => row.specificity)),
  };
}

function spread(values: readonly (number | null)[]): Spread | null {
  const shares = values.filter((value) => value !== null);
  if (shares.length === 0) return null;
  const [percentile10, median, percentile90] = quantiles(shares, [0.1, 0.5, 0.9]);
  return {
    patients: shares.length,
    percentile10,
    median,
    percentile90,
    minimum: Math.min(...shares),
  };
}
