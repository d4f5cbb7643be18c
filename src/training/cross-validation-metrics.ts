import { basename } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { readCsvRecords } from '../dataset/csv.ts';
import type { SplitRow } from '../dataset/split.ts';
import { byCodePoint } from '../dataset/stored-file.ts';
import {
  type ChosenThreshold,
  type Evaluation,
  evaluatePart,
  type PredictionRow,
  type Protocol,
  type UnderReview,
} from '../evaluation/evaluate.ts';
import { type Counts, type ThresholdMetrics, thresholdMetrics } from '../evaluation/metrics.ts';
import { OUT_OF_FOLD, readReason } from '../evaluation/prediction.ts';
import type { RunRecord } from './run-folder.ts';

/** What the spread over folds is given of. */
const FOLD_FIGURES = ['rocAuc', 'prAuc', 'accuracy', 'sensitivity', 'specificity', 'mcc'] as const;

export interface FoldSpread {
  readonly mean: number;
  /** Of a sample: divided by one less than the folds. */
  readonly standardDeviation: number;
}

/** metrics.json of a cross-validation. Its own figures are of all folds' cells together, at the threshold 0.5. */
export interface CrossValidationMetrics extends Evaluation {
  /** All cells together, each called at the threshold that its fold's model chose on its validation patients. */
  readonly atFoldThresholds: ThresholdMetrics;
  /** Each fold by itself, at the threshold of its model. */
  readonly folds: readonly FoldEvaluation[];
  /** Over the folds; null where a fold does not define the figure. */
  readonly overFolds: Readonly<Record<(typeof FOLD_FIGURES)[number], FoldSpread | null>>;
}

export interface FoldEvaluation extends Evaluation {
  readonly fold: string;
}

/** The predictions of a fold's run: its part `test` is the fold, `val` what its threshold was chosen on. */
export interface FoldPredictions {
  readonly fold: number;
  readonly protocol: string;
  /** The threshold of its model. */
  readonly chosen: ChosenThreshold;
  readonly predictions: readonly PredictionRow[];
}

/** The parts `test` of all folds, as one, sorted by label and name. */
export function outOfFold(folds: readonly FoldPredictions[]): (PredictionRow & { fold: string })[] {
  return folds
    .flatMap(({ fold, predictions }) =>
      predictions
        .filter(({ part }) => part === 'test')
        .map((prediction) => ({ ...prediction, fold: String(fold), part: OUT_OF_FOLD })),
    )
    .sort((a, b) => byCodePoint(a.label, b.label) || byCodePoint(a.name, b.name));
}

/**
 * @param underReview where there is a second opinion: predictions under its labels
 * @throws EvaluationError `wrong-scores`
 */
export function crossValidationMetrics(
  runs: readonly FoldPredictions[],
  protocol: Pick<Protocol, 'protocol' | 'recipe'>,
  underReview?: UnderReview,
): CrossValidationMetrics {
  const optionsFor = (predictions: readonly PredictionRow[]) =>
    underReview ? { labelSets: underReview(predictions) } : {};
  const folds = runs.map((run) => ({
    fold: String(run.fold),
    ...evaluatePart(
      run.predictions,
      { ...protocol, protocol: run.protocol, labelSet: 'published', part: 'test' },
      run.chosen,
      optionsFor(run.predictions),
    ),
  }));
  const predictions = outOfFold(runs);
  return {
    ...evaluatePart(
      predictions,
      { ...protocol, labelSet: 'published', part: OUT_OF_FOLD },
      undefined,
      optionsFor(predictions),
    ),
    atFoldThresholds: thresholdMetrics(sumOfCounts(folds.map(({ counts }) => counts))),
    folds,
    overFolds: Object.fromEntries(
      FOLD_FIGURES.map((name) => [name, spreadOf(folds.map((fold) => fold[name]))]),
    ) as CrossValidationMetrics['overFolds'],
  };
}

function sumOfCounts(counts: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => counts.reduce((total, count) => total + count[name], 0);
  return { tp: sum('tp'), tn: sum('tn'), fp: sum('fp'), fn: sum('fn') };
}

export function spreadOf(values: readonly (number | null)[]): FoldSpread | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.length < values.length) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (known.length - 1)) };
}

/**
 * Reads the predictions of a fold's run, and checks that they are those of its split: each readable cell once.
 * @throws GiemsaError `unreadable-file`, `bad-csv`
 */
export async function readRunPredictions(
  path: string,
  split: readonly SplitRow[],
  leftOut: RunRecord['leftOut'],
): Promise<PredictionRow[]> {
  const missing = new Map(
    split.filter(({ part }) => part !== 'train').map((row) => [`${row.label}/${row.name}`, row]),
  );
  const records = await readCsvRecords(path, ['name', 'label', 'part', 'probability'], ['reason']);
  const predictions = records.map(({ name, label, part, probability, reason }, i): PredictionRow => {
    const row = missing.get(`${label}/${name}`);
    missing.delete(`${label}/${name}`);
    if (row && row.part === part && probability !== '') {
      return { ...row, probability: Number(probability), ...readReason(reason) };
    }
    throw new GiemsaError(
      'bad-csv',
      `${path}, row ${i + 2}: not a prediction of this run's split, or one that is there twice`,
    );
  });
  const unreadable = new Set(leftOut.map((file) => basename(file.path)));
  const lost = [...missing.values()].find(({ name }) => !unreadable.has(name));
  if (lost) throw new GiemsaError('bad-csv', `${path} lacks the prediction of ${lost.label}/${lost.name}`);
  return predictions;
}
