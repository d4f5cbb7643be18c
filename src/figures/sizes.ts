import { rectY, ruleY, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { count, counted } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface SizedCell {
  readonly label: 'parasitized' | 'uninfected';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

const LABELS = ['parasitized', 'uninfected'] as const;
const BINS = 30;
const HEIGHT = 190;
const AXIS = 36;

/** How large the images of either label are: the longer side, a panel each. */
export function sizesFigure(cells: readonly SizedCell[], subtitle?: string): Figure {
  const sideOf = ({ width, height }: SizedCell) => Math.max(width, height);
  const sides = cells.map(sideOf);
  const least = sides.reduce((a, b) => Math.min(a, b), sides[0] ?? 0);
  const most = sides.reduce((a, b) => Math.max(a, b), sides[0] ?? 1);
  const step = Math.max(1, Math.ceil((most - least + 1) / BINS));
  const panels = LABELS.map((label) => {
    const own = cells.filter((cell) => cell.label === label);
    return { label, own, bins: binned(own.map(sideOf), least, most, step) };
  });
  const highest = Math.max(1, ...panels.flatMap(({ bins }) => bins.map((bin) => bin.cells)));
  return frame({
    name: 'sizes',
    title: 'Longer side of the images, by label',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: panels.map(({ label, own }) => describe(label, own)).join(' '),
    ...stack(
      panels.map(({ label, own, bins }, i) => {
        const last = i === LABELS.length - 1;
        return {
          height: HEIGHT + (last ? AXIS : 0),
          content: chart({
            height: HEIGHT + (last ? AXIS : 0),
            marginTop: 30,
            marginBottom: last ? AXIS + 16 : 16,
            x: {
              domain: [least, least + Math.max(1, bins.length) * step],
              label: last ? 'Longer side in pixels' : null,
              tickFormat: last ? 'd' : () => '',
              labelOffset: 38,
            },
            y: { domain: [0, highest], label: 'Cells', labelOffset: 66, ticks: 4 },
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
              text([`${label}: ${counted(own.length, 'cell')}`], {
                frameAnchor: 'top-left',
                dy: -20,
                fontWeight: 700,
              }),
            ],
          }),
        };
      }),
    ),
  });
}

function binned(sides: readonly number[], least: number, most: number, step: number) {
  const cells = new Array<number>(Math.floor((most - least) / step) + 1).fill(0);
  for (const side of sides) cells[Math.floor((side - least) / step)]++;
  return cells.map((n, i) => ({ from: least + i * step, to: least + (i + 1) * step, cells: n }));
}

function describe(label: SizedCell['label'], own: readonly SizedCell[]): string {
  if (own.length === 0) return `There are no ${label} cells.`;
  const among = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return `${sorted[0]} to ${sorted[sorted.length - 1]}, median ${sorted[sorted.length >> 1]}`;
  };
  return `${count(own.length)} ${label} cells: width ${among(own.map(({ width }) => width))}; height ${among(own.map(({ height }) => height))} pixels.`;
}
