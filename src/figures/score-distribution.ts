import { rectY, ruleX, ruleY, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { count, counted, percent, share } from './numbers.ts';
import { COLOURS, FONT_SIZE } from './theme.ts';

export interface ScoreData {
  readonly predictions: readonly {
    readonly label: 'parasitized' | 'uninfected';
    readonly probability: number;
  }[];
  readonly threshold: number;
  readonly subtitle?: string | undefined;
}

const BINS = 25;
const HEIGHT = 190;
const AXIS = 36;

/** How the probabilities of parasitized and of uninfected cells are spread, a panel each, with the threshold. */
export function scoreFigure({ predictions, threshold, subtitle }: ScoreData): Figure {
  const labels = ['parasitized', 'uninfected'] as const;
  const panels = labels.map((label) => {
    const scores = predictions.filter((row) => row.label === label).map(({ probability }) => probability);
    return { label, cells: scores.length, bins: binned(scores) };
  });
  const most = Math.max(1, ...panels.flatMap(({ bins }) => bins.map(({ cells }) => cells)));
  return frame({
    name: 'score-distribution',
    title: 'Probabilities by label, cells on a square-root axis',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: panels.map((panel) => describe(panel, predictions, threshold)).join(' '),
    ...stack(
      panels.map((panel, i) => ({
        height: HEIGHT + i * AXIS,
        content: drawPanel(panel, most, threshold, i === 1),
      })),
    ),
  });
}

interface Panel {
  readonly label: 'parasitized' | 'uninfected';
  readonly cells: number;
  readonly bins: readonly { readonly from: number; readonly to: number; readonly cells: number }[];
}

function binned(scores: readonly number[]): Panel['bins'] {
  const cells = new Array<number>(BINS).fill(0);
  for (const score of scores) cells[Math.min(BINS - 1, Math.floor(score * BINS))]++;
  return cells.map((cells, i) => ({ from: i / BINS, to: (i + 1) / BINS, cells }));
}

function drawPanel({ label, cells, bins }: Panel, most: number, threshold: number, last: boolean): string {
  return chart({
    height: HEIGHT + (last ? AXIS : 0),
    marginTop: 30,
    marginBottom: last ? AXIS + 16 : 16,
    x: {
      domain: [0, 1],
      label: last ? 'Probability of parasitized' : null,
      tickFormat: last ? '.1f' : () => '',
      labelOffset: 38,
    },
    // Square roots, or the few cells in the middle, which matter, would not be seen.
    y: { type: 'sqrt', domain: [0, most], label: 'Cells', ticks: 4 },
    marks: [
      rectY(bins, {
        x1: 'from',
        x2: 'to',
        y: 'cells',
        fill: COLOURS[label],
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      ruleY([0], { stroke: COLOURS.ink }),
      ruleX([threshold], { stroke: COLOURS.ink, strokeDasharray: '4 3', strokeWidth: 1.5 }),
      text([`${label}: ${counted(cells, 'cell')}`], { frameAnchor: 'top-left', dy: -20, fontWeight: 700 }),
      text([`threshold ${share(threshold)}`], {
        frameAnchor: 'top-right',
        dy: -20,
        fontSize: FONT_SIZE.small,
        fill: COLOURS.muted,
      }),
    ],
  });
}

function describe({ label, cells }: Panel, predictions: ScoreData['predictions'], threshold: number): string {
  const own = predictions.filter((row) => row.label === label);
  const above = own.filter(({ probability }) => probability >= threshold).length;
  const between = own.filter(({ probability }) => probability > 0.1 && probability < 0.9).length;
  return `Of ${counted(cells, `${label} cell`)}, ${count(above)} have a probability of parasitized at or above the threshold ${share(threshold)}; ${percent(cells === 0 ? null : between / cells)} lie between 0.1 and 0.9.`;
}
