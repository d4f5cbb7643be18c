import type { Dataset } from '../dataset/dataset.ts';
import type { ReviewRow } from '../dataset/label-sets.ts';
import { checkSeed } from '../dataset/seed.ts';
import type { SplitRow } from '../dataset/split.ts';
import { threadCount } from '../engine/thread-count.ts';
import type { Evaluation } from '../evaluation/evaluate.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { TrainingEvent } from './events.ts';
import type { Ended } from './loop.ts';
import type { DataRecord } from './run-folder.ts';
import type { Place } from './state.ts';

export interface TrainingOptions {
  readonly recipe: Recipe;
  /** In place of the recipe's. */
  readonly epochs?: number;
  readonly dataset: Pick<Dataset, 'cells' | 'fingerprint'>;
  /** Where the data came from, as the user gave it: for run.json, and for resuming. */
  readonly data: Omit<DataRecord, 'fingerprint'>;
  /** A second opinion: needed for the label sets `relabelled` and `dropped`; figures are given under its labels, too. */
  readonly review?: readonly ReviewRow[];
  readonly split: readonly SplitRow[];
  /** The run's folder: empty or missing for a new run, that of the run to go on with where `resume` is set. */
  readonly out: string;
  readonly resume?: boolean;
  /** A whole number, 0 or above. */
  readonly seed: number;
  /** Of the engine, and of reading images: 1 to 256, or 0 for all cores. They do not change a bit of the model. */
  readonly threads: number;
  /** Relaxed SIMD. */
  readonly fast?: boolean;
  /** Training stops after the step in which this is used up; the results of the steps so far, or of the best epoch, are written. */
  readonly maxMinutes?: number;
  readonly checkpointSeconds?: number;
  readonly cacheBytes?: number;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Stops after the current step, saved. */
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly status: Ended;
  /** Where it stopped: the epoch, from 1, and the steps done in it; undefined while still reading images. */
  readonly at: Place | undefined;
  /** Where its last good checkpoint was taken: before `at` where the disk is full; undefined where there is none. */
  readonly saved: Place | undefined;
  /** How many cells of the split were left out, because their image cannot be read. */
  readonly leftOut: number;
  /** metrics.json; undefined after an interruption, when no results are written. */
  readonly metrics: Evaluation | undefined;
}

/**
 * What a program may get wrong in them, found before anything is read or written.
 * @returns the same, with 0 threads as the number of cores
 * @throws GiemsaError `bad-seed`; EngineError `bad-threads`
 */
export function checkedOptions<Options extends Pick<TrainingOptions, 'seed' | 'threads'>>(
  options: Options,
): Options {
  checkSeed(options.seed);
  return { ...options, threads: threadCount(options.threads) };
}
