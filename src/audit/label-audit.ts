import { GiemsaError } from '../cells/errors.ts';
import type { Label } from '../dataset/cell.ts';
import type { ReviewRow } from '../dataset/label-sets.ts';
import { scoreCurve } from '../evaluation/curve.ts';
import { type Figures, figuresOf } from '../evaluation/figures.ts';
import { averagePrecision } from '../evaluation/metrics.ts';
import { healthyPatients, type PredictionRow } from '../evaluation/prediction.ts';
import { type RankedLabel, rankLabels, type SelfConfidence } from './confident-learning.ts';
import { applyCorrections, type Correction } from './corrections.ts';

/** Which labels are likely wrong, by predictions of models that have not seen the patients. */
export interface LabelAudit {
  readonly cells: number;
  readonly patients: number;
  readonly folds: number;
  readonly selfConfidence: SelfConfidence;
  /** Cells suspected, by their published label. */
  readonly suspected: Readonly<Record<Label, number>>;
  /** Where a second opinion is given: how many of the cells it doubts the ranking finds. */
  readonly review: ReviewFound | null;
  /** Where a person's corrections are given. The published labels stay what they are. */
  readonly corrections: Corrected | null;
}

export interface ReviewFound {
  /** Cells the review disagrees with. */
  readonly doubted: number;
  /** Of these, among as many cells from the top of the ranking. */
  readonly found: number;
  /** `found / doubted`; it is the precision of that list, too. Null where no cell is doubted. */
  readonly recall: number | null;
  /** Of the whole ranking. */
  readonly averagePrecision: number | null;
  /** Of the cells suspected, those that the review doubts. */
  readonly suspectedDoubted: number;
  readonly byLabel: Readonly<Record<Label, { readonly doubted: number; readonly found: number }>>;
}

export interface Corrected {
  /** Each correction, as given. */
  readonly list: readonly Correction[];
  /** Labels that change, by the published one; and those that were confirmed. */
  readonly changed: Readonly<Record<Label, number>>;
  readonly confirmed: number;
  /** The same predictions at the same threshold, on the two sets of labels. */
  readonly published: Figures;
  readonly corrected: Figures;
}

export interface LabelAuditOptions {
  readonly review?: readonly ReviewRow[];
  readonly corrections?: readonly Correction[];
  /** Of the intervals. */
  readonly seed: number;
}

/** Where figures on published and on corrected labels are compared. */
const THRESHOLD = 0.5;

/** @throws GiemsaError `leaking-folds` */
export function auditLabels(
  predictions: readonly PredictionRow[],
  { review, corrections, seed }: LabelAuditOptions,
): { readonly audit: LabelAudit; readonly ranked: readonly RankedLabel[] } {
  checkFolds(predictions);
  const { ranked, selfConfidence } = rankLabels(predictions);
  const suspected = ranked.filter((row) => row.suspected);
  const audit = {
    cells: predictions.length,
    patients: new Set(predictions.map(({ patient }) => patient)).size,
    folds: new Set(predictions.map(({ fold }) => fold)).size,
    selfConfidence,
    suspected: byLabel((label) => suspected.filter((row) => row.label === label).length),
    review: review ? reviewFound(ranked, review) : null,
    corrections: corrections ? correctedFigures(predictions, corrections, seed) : null,
  };
  return { audit, ranked };
}

/**
 * A model that saw other cells of a patient knows the patient, and with it much of the label: what it then doubts, or does not,
 * says little of the cell.
 *
 * @throws GiemsaError `leaking-folds`
 */
function checkFolds(predictions: readonly PredictionRow[]): void {
  const foldOf = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, patient, fold } of predictions) {
    if (fold === undefined) {
      throw new GiemsaError(
        'leaking-folds',
        'the predictions have no column fold: labels are audited by out-of-fold predictions, as cross-validate writes them',
      );
    }
    if (patient === '') {
      throw new GiemsaError(
        'leaking-folds',
        `the patient of ${name} is not known, so its fold may share the patient with others`,
      );
    }
    const known = foldOf.get(patient);
    if (known !== undefined && known !== fold) shared.add(patient);
    foldOf.set(patient, fold);
  }
  if (shared.size > 0) {
    throw new GiemsaError(
      'leaking-folds',
      `${shared.size} patients have cells in several folds, as ${[...shared][0]}: the models have seen them, so they cannot doubt their labels. Use patient-disjoint folds.`,
    );
  }
  if (new Set(foldOf.values()).size < 2) {
    throw new GiemsaError(
      'leaking-folds',
      'all predictions are of one fold: no model can have been trained on the others',
    );
  }
}

function reviewFound(ranked: readonly RankedLabel[], review: readonly ReviewRow[]): ReviewFound {
  const disputed = new Set(
    review.filter((row) => row.review === 'disagrees').map(({ label, name }) => `${label}/${name}`),
  );
  const isDoubted = ({ label, name }: RankedLabel) => disputed.has(`${label}/${name}`);
  const doubted = ranked.filter(isDoubted);
  const found = ranked.slice(0, doubted.length).filter(isDoubted);
  return {
    doubted: doubted.length,
    found: found.length,
    recall: doubted.length === 0 ? null : found.length / doubted.length,
    averagePrecision: averagePrecision(
      scoreCurve(
        ranked.map(({ score }) => score),
        ranked.map((row) => (isDoubted(row) ? 1 : 0)),
      ),
    ),
    suspectedDoubted: doubted.filter(({ suspected }) => suspected).length,
    byLabel: byLabel((label) => ({
      doubted: doubted.filter((row) => row.label === label).length,
      found: found.filter((row) => row.label === label).length,
    })),
  };
}

function correctedFigures(
  predictions: readonly PredictionRow[],
  list: readonly Correction[],
  seed: number,
): Corrected {
  const changed = list.filter(({ label, corrected }) => corrected !== label);
  const published = healthyPatients(predictions);
  const figures = (rows: readonly PredictionRow[]) => {
    // Healthy as published, but for patients in whom a person found a parasite.
    const infected = new Set(
      rows.filter(({ label }) => label === 'parasitized').map(({ patient }) => patient),
    );
    const healthy = new Set([...published].filter((patient) => !infected.has(patient)));
    return figuresOf(rows, THRESHOLD, { healthy, seed });
  };
  return {
    list,
    changed: byLabel((label) => changed.filter((row) => row.label === label).length),
    confirmed: list.length - changed.length,
    published: figures(predictions),
    corrected: figures(applyCorrections(predictions, list)),
  };
}

function byLabel<Value>(of: (label: Label) => Value): Record<Label, Value> {
  return { parasitized: of('parasitized'), uninfected: of('uninfected') };
}
