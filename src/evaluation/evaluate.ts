import { type Curve, scoreCurve } from './curve.ts';
import { countsAt, evaluate, type Metrics, type ThresholdMetrics, thresholdMetrics } from './metrics.ts';
import { thresholdForSensitivity, thresholdForSpecificity, youdenThreshold } from './thresholds.ts';

/** A line of `predictions.csv`. */
export interface Prediction {
  /** File name without folder. */
  readonly name: string;
  readonly label: 'parasitized' | 'uninfected';
  readonly patient: string;
  readonly part: string;
  /** Of parasitized. */
  readonly probability: number;
}

/** What the figures are figures of. */
export interface Protocol {
  /** How the parts were made, as `patient-disjoint` or `split-folders`. */
  readonly protocol: string;
  /** Name of the recipe, null where it is not known. */
  readonly recipe: string | null;
  readonly labelSet: 'published' | 'relabelled' | 'dropped';
  /** The part that is evaluated. */
  readonly part: string;
}

export interface OperatingPoint extends ThresholdMetrics {
  readonly name: string;
  readonly threshold: number;
  /** The part the threshold was chosen on, null where it was given. */
  readonly chosenOn: string | null;
}

/** `metrics.json`. */
export interface Evaluation extends Protocol, Metrics {
  readonly cells: number;
  readonly patients: number;
  readonly positive: 'parasitized';
  readonly threshold: number;
  readonly chosenOn: string | null;
  readonly operatingPoints: readonly OperatingPoint[];
}

/** Specificity of the starting project, for its sensitivity to be compared at. */
const SEED_SPECIFICITY = 0.973;

/**
 * Metrics of one part of some predictions, at `threshold` (0.5 where none was chosen) and at operating points chosen on
 * the validation part `val`, where the predictions have one and another part is evaluated.
 *
 * @throws EvaluationError `wrong-scores`
 */
export function evaluatePart(
  predictions: readonly Prediction[],
  protocol: Protocol,
  chosen: { readonly threshold: number; readonly chosenOn: string | null } = {
    threshold: 0.5,
    chosenOn: null,
  },
): Evaluation {
  const rows = predictions.filter(({ part }) => part === protocol.part);
  const validation = protocol.part === 'val' ? [] : predictions.filter(({ part }) => part === 'val');
  const probabilities = rows.map(({ probability }) => probability);
  return {
    ...protocol,
    cells: rows.length,
    patients: new Set(rows.map(({ patient }) => patient)).size,
    positive: 'parasitized',
    ...chosen,
    ...evaluate(probabilities, rows.map(labelNumber), chosen.threshold),
    operatingPoints: operatingPoints(curveOf(rows), curveOf(validation)),
  };
}

/** 1 for parasitized, 0 for uninfected. */
export function labelNumber({ label }: { readonly label: Prediction['label'] }): 0 | 1 {
  return label === 'parasitized' ? 1 : 0;
}

function curveOf(predictions: readonly Prediction[]): Curve {
  return scoreCurve(
    predictions.map(({ probability }) => probability),
    predictions.map(labelNumber),
  );
}

function operatingPoints(evaluated: Curve, validation: Curve): OperatingPoint[] {
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
