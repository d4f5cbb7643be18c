import { type Curve, scoreCurve } from './curve.ts';
import { countsAt, type ThresholdMetrics, thresholdMetrics } from './metrics.ts';
import { labelNumber, type PredictionRow } from './prediction.ts';
import { thresholdForSensitivity, thresholdForSpecificity, youdenThreshold } from './thresholds.ts';

export interface OperatingPoint extends ThresholdMetrics {
  readonly name: string;
  readonly threshold: number;
  /** The part the threshold was chosen on, null where it was given. */
  readonly chosenOn: string | null;
}

/** A threshold and the part it was chosen on, null where it was chosen on none. */
export type ChosenThreshold = Pick<OperatingPoint, 'threshold' | 'chosenOn'>;

/** Specificity of the starting project, for its sensitivity to be compared at. */
const SEED_SPECIFICITY = 0.973;

export const HALF: ChosenThreshold = { threshold: 0.5, chosenOn: null };

/**
 * The threshold of a model: chosen on the part `val` for the specificity of the starting project; 0.5 where that part has
 * no uninfected cells.
 */
export function chooseThreshold(predictions: readonly PredictionRow[]): ChosenThreshold {
  const validation = predictions.filter(({ part }) => part === 'val');
  const threshold = thresholdForSpecificity(curveOf(validation), SEED_SPECIFICITY);
  return threshold === null ? HALF : { threshold, chosenOn: `val, specificity ${SEED_SPECIFICITY}` };
}

export function curveOf(predictions: readonly PredictionRow[]): Curve {
  return scoreCurve(
    predictions.map(({ probability }) => probability),
    predictions.map(labelNumber),
  );
}

/** Figures of the part that is evaluated at 0.5, and at thresholds chosen on the validation part. */
export function operatingPoints(evaluated: Curve, validation: Curve): OperatingPoint[] {
  const candidates = [
    { name: 'threshold 0.5', threshold: 0.5, chosenOn: null },
    { name: 'Youden', threshold: youdenThreshold(validation), chosenOn: 'val' },
    {
      name: `specificity ${SEED_SPECIFICITY}`,
      threshold: thresholdForSpecificity(validation, SEED_SPECIFICITY),
      chosenOn: 'val',
    },
    { name: 'sensitivity 0.95', threshold: thresholdForSensitivity(validation, 0.95), chosenOn: 'val' },
  ];
  return candidates.flatMap(({ name, threshold, chosenOn }) =>
    threshold === null
      ? []
      : [{ name, threshold, chosenOn, ...thresholdMetrics(countsAt(evaluated, threshold)) }],
  );
}

/** Points read off the ROC curve of the evaluated part itself; no threshold of theirs may be used as if chosen before. */
export interface RocReadings {
  /** The highest sensitivity at this specificity or a better one. */
  readonly sensitivityAt: readonly { readonly specificity: number; readonly sensitivity: number }[];
  /** The highest specificity at this sensitivity or a better one. */
  readonly specificityAt: readonly { readonly sensitivity: number; readonly specificity: number }[];
}

/** Null with one label only. */
export function rocReadings({ positives, negatives, points }: Curve): RocReadings | null {
  if (positives === 0 || negatives === 0) return null;
  return {
    sensitivityAt: [0.95, SEED_SPECIFICITY, 0.99].map((specificity) => {
      const point = points.findLast((at) => (negatives - at.falsePositives) / negatives >= specificity);
      return { specificity, sensitivity: (point?.truePositives ?? 0) / positives };
    }),
    specificityAt: [0.9, 0.95, 0.99].map((sensitivity) => {
      const point = points.find((at) => at.truePositives / positives >= sensitivity);
      return { sensitivity, specificity: (negatives - (point?.falsePositives ?? negatives)) / negatives };
    }),
  };
}
