import { dot, link, ruleX } from '@observablehq/plot';
import type { ReliabilityBin } from '../evaluation/reliability.ts';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { count, percent, share } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface IntervalBin extends ReliabilityBin {
  /** Of the share that is parasitized. */
  readonly interval?: readonly [low: number, high: number];
}

export interface ReliabilityData {
  /** From the lowest probability up, empty bins left out. */
  readonly bins: readonly IntervalBin[];
  /** Expected calibration error. */
  readonly ece: number | null;
  readonly subtitle?: string | undefined;
}

const HEIGHT = 440;

/** How often the probabilities come true: share of parasitized cells against the probability given to them, by bins. */
export function reliabilityFigure({ bins, ece, subtitle }: ReliabilityData): Figure {
  const total = bins.reduce((sum, { cells }) => sum + cells, 0);
  const withIntervals = bins.filter(({ interval }) => interval !== undefined);
  return frame({
    name: 'reliability',
    title: `Calibration: expected error ${share(ece)}`,
    ...(subtitle === undefined ? {} : { subtitle }),
    text: `Share of parasitized cells by the probability given, in ${bins.length} bins: ${bins
      .map((bin) => `${share(bin.probability)} given, ${share(bin.parasitized)} found (${count(bin.cells)})`)
      .join('; ')}. Cells of each bin in brackets; expected calibration error ${share(ece)}.`,
    ...stack([
      {
        height: HEIGHT,
        content: chart({
          height: HEIGHT,
          x: { domain: [0, 1], label: 'Mean probability of parasitized given to the cells of a bin' },
          y: { domain: [0, 1], label: 'Share that is parasitized' },
          r: { type: 'sqrt', domain: [0, Math.max(1, total)], range: [2.5, 12] },
          marks: [
            link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: COLOURS.muted, strokeDasharray: '3 4' }),
            ruleX(withIntervals, {
              x: 'probability',
              y1: ({ interval }) => interval[0],
              y2: ({ interval }) => interval[1],
              stroke: COLOURS.uninfected,
              strokeWidth: 2,
            }),
            dot(bins, {
              x: 'probability',
              y: 'parasitized',
              r: 'cells',
              fill: COLOURS.uninfected,
              fillOpacity: 0.75,
              stroke: COLOURS.paper,
            }),
          ],
        }),
      },
      legend([
        {
          label: `a bin; its area is its share of the ${count(total)} cells (largest: ${percent(largest(bins) / Math.max(1, total))})`,
          colour: COLOURS.uninfected,
          symbol: 'circle',
          fill: COLOURS.uninfected,
        },
        { label: 'dashed: probabilities that come true', colour: COLOURS.muted, dash: '3 4' },
      ]),
    ]),
  });
}

function largest(bins: readonly ReliabilityBin[]): number {
  return Math.max(0, ...bins.map(({ cells }) => cells));
}
