import type { GiemsaError } from '../cells/errors.ts';
import { badModel } from './metadata.ts';
import type { Reason } from './reason.ts';

export type PredictedLabel = 'parasitized' | 'uninfected' | 'indeterminate';

/** What a classifier says of one image: either `error` is null, or label and probability are. */
export type Prediction = Called | NotCalled;

export interface Called {
  /**
   * Parasitized means probability >= threshold; indeterminate, of models that were trained to say so, that the image is unlike
   * their training cells, may show a platelet, or has a probability too near to the threshold.
   */
  readonly label: PredictedLabel;
  /** Of parasitized, 0 ... 1. */
  readonly probability: number;
  readonly threshold: number;
  /** Why the label is indeterminate; null for any other. */
  readonly reason: Reason | null;
  readonly error: null;
  readonly errorCode: null;
}

export interface NotCalled {
  readonly label: null;
  readonly probability: null;
  readonly threshold: number;
  readonly reason: null;
  /** Why the image could not be read, or the model not computed, in a sentence. */
  readonly error: string;
  /** The same for programs, e.g. `damaged-image`. */
  readonly errorCode: string;
}

export function called(probability: number, threshold: number, reason: Reason | null): Prediction {
  // Any comparison with NaN is false: without this, the cell would be called uninfected.
  if (!Number.isFinite(probability)) {
    const why = `its probability for this image is ${probability}, not a number from 0 to 1`;
    return notCalled(badModel(why), threshold);
  }
  const byThreshold = probability >= threshold ? 'parasitized' : 'uninfected';
  const label = reason === null ? byThreshold : 'indeterminate';
  return { label, probability, threshold, reason, error: null, errorCode: null };
}

export function notCalled({ message, code }: GiemsaError, threshold: number): Prediction {
  return { label: null, probability: null, threshold, reason: null, error: message, errorCode: code };
}
