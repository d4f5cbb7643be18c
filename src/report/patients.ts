import type { Prediction } from '../evaluation/evaluate.ts';
import type { PatientRate } from '../figures/per-patient.ts';

export interface PatientRow {
  readonly patient: string;
  readonly parasitized: number;
  readonly uninfected: number;
  readonly tp: number;
  readonly fn: number;
  readonly tn: number;
  readonly fp: number;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

/** The cells of each known patient, by what they are and what they are called; sorted by patient. */
export function patientRows(predictions: readonly Prediction[], threshold: number): PatientRow[] {
  const byPatient = new Map<string, Prediction[]>();
  for (const row of predictions) {
    if (row.patient !== '') byPatient.set(row.patient, [...(byPatient.get(row.patient) ?? []), row]);
  }
  return [...byPatient]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([patient, cells]) => {
      const of = (label: Prediction['label'], called: boolean) =>
        cells.filter((cell) => cell.label === label && cell.probability >= threshold === called).length;
      const [tp, fn] = [of('parasitized', true), of('parasitized', false)];
      const [fp, tn] = [of('uninfected', true), of('uninfected', false)];
      return {
        ...{ patient, parasitized: tp + fn, uninfected: tn + fp, tp, fn, tn, fp },
        sensitivity: tp + fn === 0 ? null : tp / (tp + fn),
        specificity: tn + fp === 0 ? null : tn / (tn + fp),
      };
    });
}

export function patientRates(
  predictions: readonly Prediction[],
  threshold: number,
): { sensitivity: PatientRate[]; specificity: PatientRate[] } {
  const rows = patientRows(predictions, threshold);
  const rates = (cells: 'parasitized' | 'uninfected', rate: 'sensitivity' | 'specificity') =>
    rows.flatMap((row) => {
      const value = row[rate];
      return value === null ? [] : [{ patient: row.patient, cells: row[cells], rate: value }];
    });
  return {
    sensitivity: rates('parasitized', 'sensitivity'),
    specificity: rates('uninfected', 'specificity'),
  };
}
