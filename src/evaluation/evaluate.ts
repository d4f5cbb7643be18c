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
  /** Those known. */
  readonly patients: number;
  readonly positive: 'parasitized';
  readonly threshold: number;
  readonly chosenOn: string | null;
  readonly operatingPoints: readonly OperatingPoint[];
}

/** A threshold and the part it was chosen on, null where it was chosen on none. */
export type ChosenThreshold = Pick<OperatingPoint, 'threshold' | 'chosenOn'>;

/** Specificity of the starting project, for its sensitivity to be compared at. */
const SEED_SPECIFICITY = 0.973;

const HALF: ChosenThreshold = { threshold: 0.5, chosenOn: null };

/**
 * The threshold of a model: chosen on the part `val` for the specificity of the starting project; 0.5 where that part has
 * no uninfected cells.
 */
export function chooseThreshold(predictions: readonly Prediction[]): ChosenThreshold {
  const validation = predictions.filter(({ part }) => part === 'val');
  const threshold = thresholdForSpecificity(curveOf(validation), SEED_SPECIFICITY);
  return threshold === null ? HALF : { threshold, chosenOn: `val, specificity ${SEED_SPECIFICITY}` };
}

/**
 * Metrics of one part of some predictions, at a threshold (the one of `chooseThreshold`, or 0.5 for the part `val`
 * itself, if none is given) and at operating points: 0.5, and those chosen on the part `val`, where the predictions have
 * one and another part is evaluated. Cells of unknown patients count for no patient.
 *
 * @throws EvaluationError `wrong-scores`
 */
export function evaluatePart(
  predictions: readonly Prediction[],
  protocol: Protocol,
  chosen: ChosenThreshold = protocol.part === 'val' ? HALF : chooseThreshold(predictions),
): Evaluation {
  const rows = predictions.filter(({ part }) => part === protocol.part);
  const validation = protocol.part === 'val' ? [] : predictions.filter(({ part }) => part === 'val');
  const probabilities = rows.map(({ probability }) => probability);
  return {
    ...protocol,
    cells: rows.length,
    patients: new Set(rows.map(({ patient }) => patient).filter((patient) => patient !== '')).size,
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
