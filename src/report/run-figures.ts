import { type Curve, scoreCurve } from '../evaluation/curve.ts';
import { labelNumber, type Prediction } from '../evaluation/evaluate.ts';
import { reliabilityBins } from '../evaluation/reliability.ts';
import { batchFigure, type LabelledCell } from '../figures/batch.ts';
import { confusionFigure } from '../figures/confusion-matrix.ts';
import type { Figure } from '../figures/frame.ts';
import { type EpochFigures, historyFigure } from '../figures/history.ts';
import { type Mistake, mistakesFigure } from '../figures/mistakes.ts';
import { perPatientFigure } from '../figures/per-patient.ts';
import { prFigure } from '../figures/pr-curve.ts';
import { reliabilityFigure } from '../figures/reliability.ts';
import { rocFigure } from '../figures/roc-curve.ts';
import { scoreFigure } from '../figures/score-distribution.ts';
import { creditOf } from './credit.ts';
import type { Evidence } from './evidence.ts';
import { protocolLine } from './headline.ts';
import { patientRates } from './patients.ts';

export interface RunEvidence {
  readonly evaluation: Evidence;
  /** Of the part that is evaluated. */
  readonly predictions: readonly Prediction[];
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
export function runFigures({ evaluation, predictions, history, kept, images }: RunEvidence): Figure[] {
  const { rocAuc, prAuc, ece, counts, threshold, intervals } = evaluation;
  const subtitle = protocolLine(evaluation);
  const probabilities = predictions.map(({ probability }) => probability);
  const labels = predictions.map(labelNumber);
  const curve = scoreCurve(probabilities, labels);
  const operatingPoints = pointsOf(evaluation);
  const shared = { curve, operatingPoints, subtitle };
  const patients = patientRates(predictions, threshold);
  const credit = images && creditOf(predictions.map(({ name }) => name));
  const credited = (text?: string) => [text, credit].filter((part) => part !== undefined).join('. ');
  return [
    ...(hasBoth(curve) ? [rocFigure({ ...shared, auc: rocAuc, interval: intervals?.['rocAuc'] })] : []),
    ...(hasBoth(curve) ? [prFigure({ ...shared, auc: prAuc, interval: intervals?.['prAuc'] })] : []),
    confusionFigure({ counts, threshold, subtitle }),
    scoreFigure({ predictions, threshold, subtitle }),
    reliabilityFigure({ bins: reliabilityBins(probabilities, labels), ece, subtitle }),
    ...(patients.sensitivity.length + patients.specificity.length > 0
      ? [perPatientFigure({ ...patients, subtitle })]
      : []),
    ...(images
      ? [batchFigure(images.batch, credited(`Drawn at random from the part ${evaluation.part}`))]
      : []),
    ...(images ? [mistakesFigure({ ...images, counts, subtitle: credited(subtitle) })] : []),
    ...(history.length > 0 ? [historyFigure({ epochs: history, kept })] : []),
  ];
}

function hasBoth({ positives, negatives }: Curve): boolean {
  return positives > 0 && negatives > 0;
}

/** The operating points, the model's own first where it is none of the others. */
export function pointsOf(evaluation: Evidence) {
  const { operatingPoints, threshold } = evaluation;
  const listed = operatingPoints.some((point) => point.threshold === threshold);
  const own = { ...evaluation, name: 'the model’s threshold' };
  return [...(listed ? [] : [own]), ...operatingPoints].map((point) => ({
    ...point,
    chosen: point.threshold === threshold,
  }));
}
