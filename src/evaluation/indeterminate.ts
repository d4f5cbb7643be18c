import type { BootstrapOptions } from './bootstrap.ts';
import { type FalseCalls, falseCalls } from './false-calls.ts';
import { evaluate, type ThresholdMetrics } from './metrics.ts';
import { labelNumber, type PredictionRow } from './prediction.ts';

/** What a model did not call, and how it calls the others. */
export interface IndeterminateFigures {
  readonly cells: number;
  readonly share: number;
  /** Cells by reason, the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Figures of the cells that are called, at the same threshold; null where none is. */
  readonly called: Pick<ThresholdMetrics, 'sensitivity' | 'specificity' | 'accuracy' | 'mcc'> | null;
  /** The cells of healthy patients that it calls parasitized by itself, of all of theirs; null without healthy patients. */
  readonly healthy: FalseCalls | null;
}

/** @returns undefined where the predictions are of a model that calls every cell */
export function indeterminateFigures(
  predictions: readonly PredictionRow[],
  threshold: number,
  healthy: ReadonlySet<string>,
  options: BootstrapOptions = {},
): IndeterminateFigures | undefined {
  if (predictions.length === 0 || predictions.every(({ reason }) => reason === undefined)) return undefined;
  const counts = new Map<string, number>();
  for (const { reason } of predictions) if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const called = predictions.filter(({ reason }) => !reason);
  const isCalled = ({ probability, reason }: PredictionRow) => !reason && probability >= threshold;
  return {
    cells: predictions.length - called.length,
    share: (predictions.length - called.length) / predictions.length,
    reasons: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
    called: called.length === 0 ? null : calledFigures(called, threshold),
    healthy: falseCalls(predictions, healthy, [isCalled], options)[0] ?? null,
  };
}

function calledFigures(called: readonly PredictionRow[], threshold: number) {
  const probabilities = called.map(({ probability }) => probability);
  const { sensitivity, specificity, accuracy, mcc } = evaluate(
    probabilities,
    called.map(labelNumber),
    threshold,
  );
  return { sensitivity, specificity, accuracy, mcc };
}
