import type { Optimiser } from './optimiser.ts';

export interface LearnerOptions {
  /** Images a step, at most. */
  readonly batch: number;
  /** Of the dropout masks. */
  readonly seed: number;
  readonly optimiser: Optimiser;
  /** Greatest global norm of the gradient; a longer one is scaled to it. */
  readonly clip?: number;
  /** Keeps a moving average of weights and running statistics, see `movingAverage` in engine/kernels/optimiser.ts. */
  readonly average?: { readonly decay: number };
  /** Targets become target (1 - s) + s / 2 (Keras). */
  readonly labelSmoothing?: number;
  /** False compiles every layer alone (default true). */
  readonly fuse?: boolean;
}
