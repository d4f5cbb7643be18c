import type { LabelSet } from '../dataset/label-sets.ts';
import type { CrossValidationMetrics } from '../training/cross-validation-metrics.ts';
import { evaluationText } from './evaluation-text.ts';
import { formatShare } from './numbers.ts';
import { formatTable, type Row } from './output.ts';

const FIGURES = ['rocAuc', 'prAuc', 'accuracy', 'sensitivity', 'specificity', 'mcc'] as const;

/** A cross-validation for people: all cells together, then fold by fold. */
export function crossValidationText(metrics: CrossValidationMetrics, trainedOn: LabelSet): string {
  const { folds, overFolds, atFoldThresholds } = metrics;
  const { accuracy, sensitivity, specificity, mcc } = atFoldThresholds;
  const rows: Row[] = folds.map((fold) => ({ ...figuresOf(fold), fold: String(fold.fold), ...sizeOf(fold) }));
  const spread = (name: 'mean' | 'standardDeviation'): Row =>
    Object.fromEntries(FIGURES.map((figure) => [figure, overFolds[figure]?.[name] ?? null]));
  rows.push({ fold: 'mean', ...spread('mean') }, { fold: 'SD', ...spread('standardDeviation') });
  return [
    evaluationText(metrics),
    `Each fold at the threshold its model chose on its validation patients, trained on ${trainedOn} labels:`,
    formatTable(rows, ['fold', 'cells', 'patients', ...FIGURES, 'threshold']),
    `All cells at these thresholds: sensitivity ${formatShare(sensitivity)}, specificity ${formatShare(specificity)}, accuracy ${formatShare(accuracy)}, MCC ${formatShare(mcc)}`,
    '',
  ].join('\n');
}

function figuresOf(fold: CrossValidationMetrics['folds'][number]): Row {
  return Object.fromEntries(FIGURES.map((name) => [name, fold[name]]));
}

function sizeOf({ cells, patients, threshold }: CrossValidationMetrics['folds'][number]): Row {
  return { cells, patients, threshold };
}
