import { GiemsaError } from '../cells/errors.ts';
import { readReview, underReview } from '../dataset/label-sets.ts';
import { evaluatePart, type Protocol } from '../evaluation/evaluate.ts';
import { evaluate } from '../evaluation/metrics.ts';
import { labelNumber, OUT_OF_FOLD, type PredictionRow } from '../evaluation/prediction.ts';
import type { EvaluatedModel } from './evaluate-model.ts';
import { formatShare } from './numbers.ts';
import { note } from './output.ts';
import { readPredictions } from './predictions-file.ts';

export interface EvaluateFileOptions {
  readonly predictions: string;
  /** Which of the file's labels is parasitized. */
  readonly positive?: string;
  readonly part?: string;
  readonly review?: string;
  readonly seed: number;
  readonly quiet?: boolean;
}

/** Evaluates a file of predictions, whatever tool made them. */
export async function evaluateFile(options: EvaluateFileOptions): Promise<EvaluatedModel> {
  const { predictions: path, positive, seed, quiet } = options;
  const predictions = await readPredictions(path, positive);
  const part = choosePart(path, predictions, options.part);
  const rows = predictions.filter((row) => row.part === part);
  if (positive !== undefined && !quiet) for (const line of positiveNotes(positive, rows)) note(line);
  const protocol: Protocol = {
    protocol: protocolOfFile(predictions),
    recipe: null,
    labelSet: 'published',
    part,
  };
  const labelSets =
    options.review === undefined
      ? {}
      : { labelSets: underReview(predictions, predictions, await readReview(options.review, predictions)) };
  return {
    evaluation: evaluatePart(predictions, protocol, undefined, { seed, ...labelSets }),
    predictions: rows,
  };
}

/** All that a file can tell: whether a patient is in two of its folds. */
export function protocolOfFile(predictions: readonly PredictionRow[]): string {
  if (predictions.some(({ fold }) => fold === undefined)) return 'not stated';
  const folds = new Map<string, string | undefined>();
  for (const { patient, fold } of predictions) {
    if (patient === '') return 'patients unknown';
    if (folds.has(patient) && folds.get(patient) !== fold) return 'patients in two folds (leaks)';
    folds.set(patient, fold);
  }
  return 'patient-disjoint folds';
}

/** The part asked for, else `test`, else the only one there is. */
export function choosePart(
  path: string,
  predictions: readonly PredictionRow[],
  asked: string | undefined,
): string {
  const parts = [...new Set(predictions.map(({ part }) => part))];
  const part = asked ?? (parts.length === 1 ? parts[0] : 'test');
  if (parts.includes(part)) return part;
  const hint =
    parts[0] === OUT_OF_FOLD
      ? 'leave --part out'
      : `choose with --part. Its parts: ${parts.slice(0, 5).join(', ')}`;
  throw new GiemsaError('empty-part', `${path} has no cells in the part ${part}: ${hint}`);
}

/** Which class is positive is where figures of different tools come apart: says what it would be the other way round. */
function positiveNotes(positive: string, rows: readonly PredictionRow[]): string[] {
  const { rocAuc, sensitivity, specificity, ppv, npv } = evaluate(
    rows.map(({ probability }) => probability),
    rows.map(labelNumber),
    0.5,
  );
  const [auc, swapped] = [formatShare(rocAuc), formatShare(rocAuc === null ? null : 1 - rocAuc)];
  return [
    `Positive class: ${positive}. Its cells count as parasitized, and probabilities are read as those of ${positive}.`,
    `  With the classes swapped, labels and probabilities both, ROC AUC stays ${auc}; at 0.5, sensitivity ${formatShare(sensitivity)} and specificity ${formatShare(specificity)} change places, and so do PPV ${formatShare(ppv)} and NPV ${formatShare(npv)}.`,
    `  If the probabilities are of the other class than the one named, ROC AUC reads ${swapped} in place of ${auc}.`,
  ];
}
