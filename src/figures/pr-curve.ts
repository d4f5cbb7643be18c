import { curveFigure } from './curve-figure.ts';
import type { Figure } from './frame.ts';
import { percent, share, withInterval } from './numbers.ts';
import type { CurveData } from './roc-curve.ts';

/** PPV against sensitivity, with the area (average precision). Needs parasitized cells. */
export function prFigure({ curve, auc, interval, band = [], operatingPoints, subtitle }: CurveData): Figure {
  const { positives, negatives, points } = curve;
  const prior = positives / (positives + negatives);
  const marked = operatingPoints.flatMap(({ name, sensitivity, ppv, chosen }) =>
    sensitivity === null || ppv === null
      ? []
      : [
          {
            label: `${name}: sensitivity ${share(sensitivity)}, PPV ${share(ppv)}`,
            x: sensitivity,
            y: ppv,
            chosen,
          },
        ],
  );
  return curveFigure({
    name: 'pr-curve',
    title: `PR curve, area ${withInterval(auc, interval)}`,
    subtitle,
    text: `The area under the curve of PPV against sensitivity is ${withInterval(auc, interval)}, where ${percent(prior)} of the cells are parasitized; in a patient's blood far fewer are, and the PPV is lower. ${operatingPoints
      .map(
        ({ name, sensitivity, ppv }) => `At ${name}: sensitivity ${share(sensitivity)}, PPV ${share(ppv)}.`,
      )
      .join(' ')}`,
    xLabel: 'Sensitivity',
    yLabel: `PPV, at ${percent(prior)} parasitized cells`,
    corner: 'right',
    points: points.map(
      ({ truePositives, falsePositives }) =>
        [truePositives / positives, truePositives / (truePositives + falsePositives)] as const,
    ),
    band,
    marked,
    chance: [prior, prior],
  });
}
