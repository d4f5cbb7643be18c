import type { HistoryRow } from './history.ts';

/** What a run tells while it goes on. */
export type TrainingEvent =
  /** Images are decoded once, before the first step. */
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  /** Something the user should know. */
  | { readonly type: 'note'; readonly message: string }
  /** After training, for each kind of result: the cells gone through for it, from none to all. */
  | {
      readonly type: 'results';
      readonly of: ResultKind;
      readonly done: number;
      readonly total: number;
    }
  /** After the first eight steps: about how long the whole training will take; early stopping can only make it less. */
  | { readonly type: 'estimate'; readonly seconds: number; readonly epochs: number; readonly steps: number }
  | StepEvent
  | { readonly type: 'epoch'; readonly row: HistoryRow; readonly kept: boolean };

export type ResultKind = 'colours' | 'calibration' | 'predictions' | 'outliers' | 'platelets' | 'appearance';

export interface StepEvent {
  readonly type: 'step';
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Mean over this epoch so far. */
  readonly loss: number;
  /** ROC AUC over this epoch so far. It has to sort, so ask only when it is shown. */
  readonly rocAuc: () => number | null;
  readonly cellsPerSecond: number;
  /** Until the results are there; early stopping can only make it less. */
  readonly secondsLeft: number;
}
