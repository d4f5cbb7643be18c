import { areaY, axisY, dot, gridY, lineY } from '@observablehq/plot';
import type { FalseCallRate } from '../evaluation/false-calls.ts';
import type { FalseCallsAt } from '../evaluation/healthy.ts';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend, SYMBOL_RADIUS } from './legend.ts';
import { count, percent, perThousand, roughly } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface HealthyCurveData {
  /** False calls on healthy blood at ever higher sensitivities. */
  readonly points: readonly FalseCallsAt[];
  /** What the model calls at its own threshold, and the sensitivity there. */
  readonly own?: { readonly sensitivity: number; readonly rate: FalseCallRate } | undefined;
  /** The same of a model that abstains: what it calls by itself, of all cells. */
  readonly called?: { readonly sensitivity: number; readonly rate: FalseCallRate } | undefined;
  readonly subtitle?: string | undefined;
}

const HEIGHT = 440;
const BAND = '#cde0ee';
/** Rates in 1,000 cells; the axis is logarithmic, and what is less than its foot, none at all too, lies on it. */
const TICKS = [0.3, 1, 3, 10, 30, 100, 300, 1000];
const FOOT = TICKS[0];
/** Sensitivities that the text names. */
const NAMED = [0.8, 0.9, 0.95, 0.99];

/** What finding more of the parasites costs on blood without any: the noise floor against the sensitivity. */
export function healthyCurveFigure({ points, own, called, subtitle }: HealthyCurveData): Figure {
  const shown = points.map(({ sensitivity, per1000, interval }) => ({
    sensitivity,
    rate: Math.max(FOOT, per1000),
    low: Math.max(FOOT, interval[0]),
    high: Math.max(FOOT, interval[1]),
  }));
  const named = NAMED.flatMap((sensitivity) => {
    const at = points.find((point) => Math.abs(point.sensitivity - sensitivity) < 1e-9);
    return at ? [`${perThousand(at)} at sensitivity ${percent(sensitivity)}`] : [];
  });
  const marked = [
    ...(own ? [{ ...own, label: 'at the model’s threshold, every cell called', fill: COLOURS.paper }] : []),
    ...(called
      ? [{ ...called, label: 'the same, indeterminate cells called neither', fill: COLOURS.parasitized }]
      : []),
  ];
  const lowest = Math.min(...[...shown, ...marked].map(({ sensitivity }) => sensitivity));
  return frame({
    name: 'healthy-curve',
    title: 'False calls on healthy blood',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: `False parasitized calls in 1,000 cells of healthy patients (95 % interval over patients): ${named.join(', ')}. ${marked
      .map(
        ({ label, sensitivity, rate }) =>
          `${perThousand(rate)} ${label}, sensitivity ${percent(sensitivity)}.`,
      )
      .join(' ')}`.trim(),
    ...stack([
      {
        height: HEIGHT,
        content: chart({
          height: HEIGHT,
          marginRight: 106,
          x: { domain: [lowest, 1], label: 'Sensitivity' },
          y: { type: 'log', domain: [FOOT, 1000], axis: null, grid: false, clamp: true },
          marks: [
            gridY(TICKS),
            axisY(TICKS, {
              text: (rate: number) => (rate < 1 ? String(rate) : count(rate)),
              label: 'False calls in 1,000 cells of healthy patients',
              labelAnchor: 'center',
              labelArrow: 'none',
              labelOffset: 58,
            }),
            axisY(TICKS, {
              anchor: 'right',
              // Five million red cells a microlitre: 5,000 for each in 1,000.
              text: (rate: number) => roughly(5000 * rate),
              label: 'read as parasites a microlitre',
              labelAnchor: 'center',
              labelArrow: 'none',
              labelOffset: 94,
            }),
            areaY(shown, { x: 'sensitivity', y1: 'low', y2: 'high', fill: BAND }),
            lineY(shown, { x: 'sensitivity', y: 'rate', stroke: COLOURS.uninfected, strokeWidth: 2.5 }),
            dot(marked, {
              x: 'sensitivity',
              y: ({ rate }: (typeof marked)[number]) => Math.max(FOOT, rate.per1000),
              r: SYMBOL_RADIUS,
              stroke: COLOURS.parasitized,
              strokeWidth: 2,
              fill: 'fill',
            }),
          ],
        }),
      },
      legend([
        { label: '95 % interval over patients', colour: BAND, symbol: 'square' as const, fill: BAND },
        ...marked.map(({ label, fill }) => ({
          ...{ label, fill },
          colour: COLOURS.parasitized,
          symbol: 'circle' as const,
        })),
      ]),
    ]),
  });
}
