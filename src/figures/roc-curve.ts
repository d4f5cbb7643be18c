import type { Curve } from '../evaluation/curve.ts';
import { type Band, curveFigure } from './curve-figure.ts';
import type { Figure } from './frame.ts';
import { share, withInterval } from './numbers.ts';

/** A threshold and what it gives. */
export interface OperatingPointData {
  readonly name: string;
  readonly threshold: number;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly ppv: number | null;
  /** The one that the model uses. */
  readonly chosen: boolean;
}

export interface CurveData {
  readonly curve: Curve;
  /** Area under it. */
  readonly auc: number | null;
  readonly interval?: readonly [low: number, high: number] | undefined;
  readonly band?: readonly Band[];
  readonly operatingPoints: readonly OperatingPointData[];
  readonly subtitle?: string | undefined;
}

/** The ROC curve with its area, its interval and the operating points. Needs cells of both labels. */
export function rocFigure({ curve, auc, interval, band = [], operatingPoints, subtitle }: CurveData): Figure {
  const { positives, negatives, points } = curve;
  const marked = operatingPoints.flatMap(({ name, sensitivity, specificity, chosen }) =>
    sensitivity === null || specificity === null
      ? []
      : [
          {
            label: `${name}: sensitivity ${share(sensitivity)}, specificity ${share(specificity)}`,
            x: 1 - specificity,
            y: sensitivity,
            chosen,
          },
        ],
  );
  return curveFigure({
    name: 'roc-curve',
    title: `ROC curve, area ${withInterval(auc, interval)}`,
    subtitle,
    text: `The area under the ROC curve is ${withInterval(auc, interval)}. ${operatingPoints
      .map(
        ({ name, threshold, sensitivity, specificity }) =>
          `At ${name} (${share(threshold)}): sensitivity ${share(sensitivity)}, specificity ${share(specificity)}.`,
      )
      .join(' ')}`,
    xLabel: 'False positive rate (1 − specificity)',
    yLabel: 'Sensitivity',
    corner: 'left',
    points: [
      [0, 0],
      ...points.map(
        ({ truePositives, falsePositives }) =>
          [falsePositives / negatives, truePositives / positives] as const,
      ),
    ],
    band,
    marked,
    chance: [0, 1],
  });
}
