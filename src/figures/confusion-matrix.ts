import { cell, text } from '@observablehq/plot';
import type { Counts } from '../evaluation/metrics.ts';
import { chart } from './chart.ts';
import { type Figure, frame } from './frame.ts';
import { count, percent, share } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface ConfusionData {
  readonly counts: Counts;
  readonly threshold: number;
  readonly subtitle?: string | undefined;
}

const HEIGHT = 340;

/** What cells are against what they were called, with shares of each row: sensitivity and specificity on the diagonal. */
export function confusionFigure({ counts, threshold, subtitle }: ConfusionData): Figure {
  const { tp, fn, fp, tn } = counts;
  const rows = [
    field('parasitized', 'parasitized', tp, tp + fn),
    field('parasitized', 'uninfected', fn, tp + fn),
    field('uninfected', 'parasitized', fp, fp + tn),
    field('uninfected', 'uninfected', tn, fp + tn),
  ];
  const axis = { domain: ['parasitized', 'uninfected'], padding: 0.04, grid: false };
  return frame({
    name: 'confusion-matrix',
    title: `Calls at the threshold ${share(threshold)}`,
    ...(subtitle === undefined ? {} : { subtitle }),
    text: `At the threshold ${share(threshold)}, of ${count(tp + fn)} parasitized cells ${count(tp)} are called parasitized and ${count(fn)} uninfected; of ${count(fp + tn)} uninfected cells ${count(tn)} are called uninfected and ${count(fp)} parasitized.`,
    height: HEIGHT,
    content: chart({
      height: HEIGHT,
      marginLeft: 130,
      x: { ...axis, label: 'Called' },
      y: { ...axis, label: 'Label', labelOffset: 112 },
      marks: [
        cell(rows, {
          x: 'called',
          y: 'label',
          fill: ({ right }: Field) => (right ? COLOURS.other : COLOURS.parasitized),
          fillOpacity: ({ part }: Field) => 0.08 + 0.27 * (part ?? 0),
          stroke: COLOURS.grid,
        }),
        text(rows, {
          x: 'called',
          y: 'label',
          text: ({ cells }: Field) => count(cells),
          dy: -12,
          fontSize: 28,
          fontWeight: 700,
        }),
        text(rows, {
          x: 'called',
          y: 'label',
          text: ({ part, label }: Field) => (part === null ? 'none' : `${percent(part)} of ${label}`),
          dy: 18,
        }),
      ],
    }),
  });
}

type Field = ReturnType<typeof field>;

function field(label: string, called: string, cells: number, all: number) {
  return { label, called, cells, right: label === called, part: all === 0 ? null : cells / all };
}
