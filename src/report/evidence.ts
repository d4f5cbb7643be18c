import type { Evaluation } from '../evaluation/evaluate.ts';

export type Interval = readonly [low: number, high: number];

export interface HealthyFigures {
  readonly patients: number;
  readonly cells: number;
  readonly falseCalls: number;
  readonly per1000: number;
  readonly interval: Interval;
  readonly upper: number;
  readonly perMicrolitre: number;
  readonly upperPerMicrolitre: number;
  readonly redCellsPerMicrolitre: number;
}

/** `Evaluation` with what newer versions add to it. */
export interface Evidence extends Evaluation {
  readonly intervals?: Readonly<Partial<Record<string, Interval>>>;
  readonly intervalMethod?: {
    readonly unit: string;
    readonly method: string;
    readonly resamples: number;
    readonly warning: string | null;
  };
  readonly cellIntervals?: Readonly<Partial<Record<string, Interval>>>;
  readonly healthy?: HealthyFigures | null;
  readonly ppvAt?: readonly { readonly infected: number; readonly ppv: number | null }[];
  readonly calibration?: { readonly slope: number; readonly intercept: number } | null;
}
