import { type Curve, scoreCurve } from '../evaluation/curve.ts';
import { curveBands } from '../evaluation/curve-bands.ts';
import type { Evaluation } from '../evaluation/evaluate.ts';
import { healthyCurve } from '../evaluation/healthy.ts';
import { patientTable } from '../evaluation/per-patient.ts';
import { labelNumber, type PredictionRow } from '../evaluation/prediction.ts';
import { reliabilityBins } from '../evaluation/reliability.ts';
import { riskCoverage } from '../evaluation/risk-coverage.ts';
import { unitsOf } from '../evaluation/units.ts';
import { batchFigure, type LabelledCell } from '../figures/batch.ts';
import { confusionFigure } from '../figures/confusion-matrix.ts';
import type { Figure } from '../figures/frame.ts';
import { healthyCurveFigure } from '../figures/healthy-curve.ts';
import { type EpochFigures, historyFigure } from '../figures/history.ts';
import { type Mistake, mistakesFigure } from '../figures/mistakes.ts';
import { perPatientFigure } from '../figures/per-patient.ts';
import { prFigure } from '../figures/pr-curve.ts';
import { reliabilityFigure } from '../figures/reliability.ts';
import { riskCoverageFigure } from '../figures/risk-coverage.ts';
import { rocFigure } from '../figures/roc-curve.ts';
import { scoreFigure } from '../figures/score-distribution.ts';
import { creditOf } from './credit.ts';
import { protocolLine } from './headline.ts';

export interface RunEvidence {
  readonly evaluation: Evaluation;
  /** Of the part that is evaluated. */
  readonly predictions: readonly PredictionRow[];
  /** Patients none of whose cells is parasitized, in any part. */
  readonly healthy: ReadonlySet<string>;
  /** Empty where there is none, as of a cross-validation. */
  readonly history: readonly EpochFigures[];
  readonly kept?: number | undefined;
  /** Where the cells themselves are at hand. */
  readonly images?: RunImages | undefined;
}

export interface RunImages {
  readonly batch: readonly LabelledCell[];
  readonly missed: readonly Mistake[];
  readonly falseCalls: readonly Mistake[];
}

/** All figures of a run that its cells allow: a ROC curve needs both labels, for example. */
export function runFigures({
  evaluation,
  predictions,
  healthy,
  history,
  kept,
  images,
}: RunEvidence): Figure[] {
  const { rocAuc, prAuc, ece, counts, threshold, intervals, intervalMethod, betweenPatients } = evaluation;
  const subtitle = protocolLine(evaluation);
  const probabilities = predictions.map(({ probability }) => probability);
  const labels = predictions.map(labelNumber);
  const curve = scoreCurve(probabilities, labels);
  const operatingPoints = pointsOf(evaluation);
  const shared = { curve, operatingPoints, subtitle };
  const patients = patientTable(predictions, threshold);
  const medians = {
    sensitivity: betweenPatients.sensitivity?.median ?? null,
    specificity: betweenPatients.specificity?.median ?? null,
  };
  const risk = riskCoverage(predictions, threshold);
  const bands = curveBands(unitsOf(predictions, healthy), intervalMethod);
  const noise = healthyCurve(predictions, healthy, SENSITIVITIES, intervalMethod);
  const credit = images && creditOf(predictions.map(({ name }) => name));
  const credited = (text?: string) => [text, credit].filter((part) => part !== undefined).join('. ');
  return [
    ...(hasBoth(curve)
      ? [rocFigure({ ...shared, auc: rocAuc, interval: intervals.rocAuc, band: bands.roc })]
      : []),
    ...(hasBoth(curve)
      ? [prFigure({ ...shared, auc: prAuc, interval: intervals.prAuc, band: bands.pr })]
      : []),
    confusionFigure({ counts, threshold, subtitle }),
    scoreFigure({ predictions, threshold, subtitle }),
    reliabilityFigure({ bins: reliabilityBins(probabilities, labels), ece, subtitle }),
    ...(risk ? [riskCoverageFigure({ ...risk, called: calledPoint(evaluation), subtitle })] : []),
    ...(noise.length > 0
      ? [healthyCurveFigure({ points: noise, ...healthyPoints(evaluation, predictions), subtitle })]
      : []),
    ...(patients.length > 0 ? [perPatientFigure({ patients, medians, subtitle })] : []),
    ...(images
      ? [batchFigure(images.batch, credited(`Drawn at random from the part ${evaluation.part}`))]
      : []),
    ...(images ? [mistakesFigure({ ...images, counts, subtitle: credited(subtitle) })] : []),
    ...(history.length > 0 ? [historyFigure({ epochs: history, kept })] : []),
  ];
}

/** Every half of a hundredth: of the sensitivities that are of use. */
const SENSITIVITIES = Array.from({ length: 60 }, (_, i) => (140 + i) / 200);

/** What the model's own threshold finds, and calls on healthy blood; the same of what it calls by itself, of all cells, too. */
function healthyPoints(
  { sensitivity, threshold, healthy, indeterminate }: Evaluation,
  predictions: readonly PredictionRow[],
) {
  const parasitized = predictions.filter(({ label }) => label === 'parasitized');
  const found = parasitized.filter(({ probability, reason }) => !reason && probability >= threshold);
  return {
    ...(healthy && sensitivity !== null ? { own: { sensitivity, rate: healthy } } : {}),
    ...(indeterminate?.healthy && parasitized.length > 0
      ? { called: { sensitivity: found.length / parasitized.length, rate: indeterminate.healthy } }
      : {}),
  };
}

/** What the model calls by itself. */
function calledPoint({ indeterminate }: Evaluation) {
  const accuracy = indeterminate?.called?.accuracy;
  return typeof accuracy === 'number' && indeterminate
    ? { coverage: 1 - indeterminate.share, risk: 1 - accuracy }
    : undefined;
}

function hasBoth({ positives, negatives }: Curve): boolean {
  return positives > 0 && negatives > 0;
}

/** Name of the model's operating point where it is none of the others. */
export const MODELS_OWN = 'the model’s threshold';

/** The operating points, the model's own first where it is none of the others. */
export function pointsOf(evaluation: Evaluation) {
  const { operatingPoints, threshold, chosenOn } = evaluation;
  // With few validation cells several points fall on one threshold: the model's is the one that it was chosen for.
  const same = operatingPoints.filter((point) => point.threshold === threshold);
  const own = same.find((point) => `${point.chosenOn}, ${point.name}` === chosenOn) ??
    same[0] ?? { ...evaluation, name: MODELS_OWN };
  return [...(same.length === 0 ? [own] : []), ...operatingPoints].map((point) => ({
    ...point,
    chosen: point === own,
  }));
}
