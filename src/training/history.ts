import { stringify } from 'csv-stringify/sync';

/** One line of history.csv. Loss includes the L2 penalty. `null` (an empty field) where a part lacks one of the labels. */
export interface HistoryRow {
  /** From 1. */
  readonly epoch: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  readonly train: PartFigures;
  readonly val: PartFigures | undefined;
  /** Training and validation of this epoch together. */
  readonly seconds: number;
}

/** Figures of one part at threshold 0.5. Those of `train` are collected while training, with dropout and augmentation. */
export interface PartFigures {
  readonly loss: number;
  readonly accuracy: number;
  readonly rocAuc: number | null;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

const FIGURES = ['loss', 'accuracy', 'rocAuc', 'sensitivity', 'specificity'] as const;

/** history.csv: `epoch,learningRate,loss,...,valLoss,...,seconds`; numbers in shortest round-trip form. */
export function historyCsv(rows: readonly HistoryRow[]): string {
  const capitalised = FIGURES.map((name) => name[0].toUpperCase() + name.slice(1));
  const columns = [
    'epoch',
    'learningRate',
    ...capitalised.map((name) => `train${name}`),
    ...capitalised.map((name) => `val${name}`),
    'seconds',
  ];
  const lines = rows.map((row) => [
    row.epoch,
    row.learningRate,
    ...FIGURES.map((name) => row.train[name]),
    ...FIGURES.map((name) => row.val?.[name] ?? null),
    Math.round(row.seconds * 1000) / 1000,
  ]);
  return stringify([
    columns,
    ...lines.map((line) => line.map((value) => (value === null ? '' : String(value)))),
  ]);
}
