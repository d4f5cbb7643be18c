/** Labels as published; with a second opinion in their place where it disagrees; without the cells on which it does. */
export const LABEL_SETS = ['published', 'relabelled', 'dropped'] as const;
export type LabelSet = (typeof LABEL_SETS)[number];

/** A line of `predictions.csv`. */
export interface PredictionRow {
  /** File name without folder. */
  readonly name: string;
  readonly label: 'parasitized' | 'uninfected';
  /** Empty if not known. */
  readonly patient: string;
  readonly part: string;
  /** Of parasitized. */
  readonly probability: number;
  /** After cross-validation: the fold whose model, which had not seen the cell, predicted it. */
  readonly fold?: string;
  /** Why a model that abstains did not call it, null where it did; missing of models that call every cell. */
  readonly reason?: string | null;
}

/** The field `reason` of a file: empty where the cell is called, no field of a model that calls every cell. */
export function readReason(field: string | undefined): Pick<PredictionRow, 'reason'> {
  return field === undefined ? {} : { reason: field || null };
}

/** Part of all predictions of a cross-validation: each cell was predicted by the model that had not seen its fold. */
export const OUT_OF_FOLD = 'out-of-fold';

/** 1 for parasitized, 0 for uninfected. */
export function labelNumber({ label }: Pick<PredictionRow, 'label'>): 0 | 1 {
  return label === 'parasitized' ? 1 : 0;
}

/** Patients none of whose cells is parasitized. Unknown patients are not among them. */
export function healthyPatients(
  predictions: readonly Pick<PredictionRow, 'label' | 'patient'>[],
): Set<string> {
  const healthy = new Set(predictions.map(({ patient }) => patient));
  for (const { label, patient } of predictions) if (label === 'parasitized') healthy.delete(patient);
  healthy.delete('');
  return healthy;
}
