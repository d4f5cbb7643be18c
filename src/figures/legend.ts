import { dot, type Markish, ruleY, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { COLOURS, FIGURE_WIDTH, FONT_SIZE } from './theme.ts';

/** A line where there is no symbol. */
export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dash?: string;
  readonly symbol?: SymbolName;
  /** Of the symbol; white if missing. */
  readonly fill?: string;
}

export type SymbolName = 'circle' | 'square' | 'triangle' | 'diamond2' | 'star';

export const SYMBOL_RADIUS = 6;
const ROW = 22;
const SAMPLE = 34;
const LEFT = 74;

/** What the lines and symbols of a chart mean, in rows below or above it; each takes as many entries as `columns`. */
export function legend(entries: readonly LegendEntry[], columns = 1): { content: string; height: number } {
  const height = ROW * Math.ceil(entries.length / columns) + 8;
  const step = (FIGURE_WIDTH - LEFT) / columns;
  const marks = entries.flatMap((entry, i): Markish[] => {
    const x = LEFT + (i % columns) * step;
    const y = ROW * (Math.floor(i / columns) + 0.5) + 4;
    const { label, colour, dash = 'none', symbol, fill = COLOURS.paper } = entry;
    const sample = symbol
      ? dot([[x + SAMPLE / 2, y]], {
          symbol,
          r: SYMBOL_RADIUS,
          stroke: colour,
          strokeWidth: 2,
          fill,
        })
      : ruleY([y], { x1: x, x2: x + SAMPLE - 6, stroke: colour, strokeWidth: 2.5, strokeDasharray: dash });
    return [
      sample,
      text([[x + SAMPLE, y]], { text: () => label, textAnchor: 'start', fontSize: FONT_SIZE.small }),
    ];
  });
  return {
    content: chart({
      height,
      margin: 0,
      axis: null,
      x: { type: 'identity' },
      y: { type: 'identity', grid: false },
      marks,
    }),
    height,
  };
}
