import { areaY, dot, lineY, link, type PlotOptions, text } from '@observablehq/plot';
import type { Band } from '../evaluation/curve-bands.ts';
import { chart } from './chart.ts';
import { type Figure, frame, moved, stack } from './frame.ts';
import { legend, SYMBOL_RADIUS, type SymbolName } from './legend.ts';
import { COLOURS, FIGURE_WIDTH, FONT_SIZE } from './theme.ts';

export interface MarkedPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** The one that the model uses. */
  readonly chosen: boolean;
}

/** A curve in the unit square, whose best corner is at the top: ROC and PR. */
export interface CurveFigureOptions {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly text: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly corner: 'left' | 'right';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly band: readonly Band[];
  readonly marked: readonly MarkedPoint[];
  /** The curve of chance, from left to right. */
  readonly chance: readonly [left: number, right: number];
}

const SYMBOLS: readonly SymbolName[] = ['circle', 'square', 'triangle', 'diamond2', 'star'];
const HEIGHT = 500;
const BAND = '#cde0ee';
/** The corner, enlarged, in the empty middle of a good curve. */
const INSET = { width: 330, height: 300, y: 92 };

export function curveFigure(options: CurveFigureOptions): Figure {
  const { name, title, subtitle, marked, band, xLabel, yLabel, corner, chance } = options;
  const size = zoomOf(options);
  const whole = draw(options, [0, 1], {
    height: HEIGHT,
    x: { domain: [0, 1], label: xLabel },
    y: { domain: [0, 1], label: yLabel },
    // Not in the enlarged corner: resvg cannot draw what lies wholly outside of its clip path.
    marks: [
      link([0], {
        x1: 0,
        y1: chance[0],
        x2: 1,
        y2: chance[1],
        stroke: COLOURS.muted,
        strokeDasharray: '3 4',
      }),
    ],
  });
  const x = corner === 'left' ? FIGURE_WIDTH - INSET.width - 24 : 84;
  const inset = size === undefined ? '' : moved(drawCorner(options, size), x, INSET.y);
  const entries = [
    ...(band.length > 0
      ? [
          {
            label: '95 % of the resampled curves, at each place',
            colour: BAND,
            symbol: 'square' as const,
            fill: BAND,
          },
        ]
      : []),
    ...marked.map((point, i) => ({
      label: point.label,
      colour: COLOURS.parasitized,
      symbol: SYMBOLS[i % SYMBOLS.length],
      ...(point.chosen ? { fill: COLOURS.parasitized } : {}),
    })),
  ];
  return frame({
    name,
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    text: options.text,
    ...stack([{ content: whole + inset, height: HEIGHT }, legend(entries)]),
  });
}

/** Half the sides of the smallest corner in which all marked points are; none where the curve is not that good. */
function zoomOf({ marked, corner }: CurveFigureOptions): number | undefined {
  if (marked.length === 0) return undefined;
  const far = Math.max(...marked.map(({ x, y }) => Math.max(1 - y, corner === 'left' ? x : 1 - x)));
  return [0.05, 0.1, 0.2].find((size) => far < 0.8 * size);
}

function drawCorner(options: CurveFigureOptions, size: number): string {
  const { width, height } = INSET;
  const x = options.corner === 'left' ? [0, size] : [1 - size, 1];
  const background = `<rect width="${width}" height="${height}" fill="${COLOURS.paper}" stroke="${COLOURS.grid}"/>`;
  const margins = { marginTop: 34, marginLeft: 52, marginBottom: 34 };
  const axis = { label: null, ticks: 5 };
  const drawn = draw(options, [1 - size, 1], {
    ...{ width, height, ...margins },
    x: { domain: x, ...axis },
    y: { domain: [1 - size, 1], ...axis },
    marks: [
      text([`the corner, ${1 / size} times as large`], {
        frameAnchor: 'top',
        dy: -20,
        fontSize: FONT_SIZE.small,
        fill: COLOURS.muted,
      }),
    ],
  });
  return background + drawn;
}

/** Curve, band and points in the part of the square whose y are given. */
function draw(
  { points, band, marked }: CurveFigureOptions,
  [from, to]: readonly [number, number],
  plot: PlotOptions,
): string {
  return chart({
    ...plot,
    marks: [
      plot.marks,
      areaY(band, { x: 'x', y1: 'low', y2: 'high', fill: BAND, clip: true }),
      lineY(thinned(points, (to - from) / 500), {
        x: '0',
        y: '1',
        stroke: COLOURS.uninfected,
        strokeWidth: 2.5,
        clip: true,
      }),
      marked.map((point, i) =>
        dot([point], {
          x: 'x',
          y: 'y',
          symbol: SYMBOLS[i % SYMBOLS.length],
          r: SYMBOL_RADIUS,
          stroke: COLOURS.parasitized,
          strokeWidth: 2,
          fill: point.chosen ? COLOURS.parasitized : COLOURS.paper,
        }),
      ),
    ],
  });
}

/** Without points that lie less than about a pixel from the last one. */
function thinned(points: CurveFigureOptions['points'], pixel: number): [number, number][] {
  const kept: [number, number][] = [];
  points.forEach(([x, y], i) => {
    const last = kept.at(-1);
    const near = last && Math.abs(last[0] - x) < pixel && Math.abs(last[1] - y) < pixel;
    if (!near || i === points.length - 1) kept.push([x, y]);
  });
  return kept;
}
