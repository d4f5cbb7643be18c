import { axisX, dot, gridX, link, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { COLOURS, FONT_SIZE } from './theme.ts';

export interface LadderRung {
  readonly name: string;
  /** ROC AUC with cells of a patient in several folds; null where it was not tried. */
  readonly random: number | null;
  /** ROC AUC with every patient unseen. */
  readonly patientDisjoint: number | null;
}

const PROTOCOLS = [
  {
    key: 'random',
    title: 'folds drawn by cell (leaks)',
    colour: COLOURS.uninfected,
    symbol: 'circle',
    dy: -15,
  },
  {
    key: 'patientDisjoint',
    title: 'every patient unseen',
    colour: COLOURS.parasitized,
    symbol: 'diamond2',
    dy: 20,
  },
] as const;

const ROW = 58;
const TICKS = [0.5, 0.2, 0.1, 0.03, 0.01, 0.003, 0.001];

/**
 * ROC AUC of ever better classifiers under two protocols, a rung each. The axis is logarithmic in what is missing to 1: from .98 to
 * .99 is as far as from .8 to .9, since half of the mistaken pairs are gone.
 */
export function ladderFigure(rungs: readonly LadderRung[], subtitle?: string): Figure {
  const missing = (auc: number) => Math.min(0.6, 1 - auc);
  const dots = rungs.flatMap((rung) =>
    PROTOCOLS.flatMap((protocol) => {
      const auc = rung[protocol.key];
      return auc === null ? [] : [{ ...protocol, name: rung.name, auc }];
    }),
  );
  const pairs = rungs.filter(({ random, patientDisjoint }) => random !== null && patientDisjoint !== null);
  const least = Math.min(0.005, ...dots.map(({ auc }) => Math.max(missing(auc), 0.0005))) * 0.6;
  const ticks = TICKS.filter((tick) => tick >= least);
  const height = ROW * rungs.length + 68;
  return frame({
    name: 'ladder',
    title: 'From guessing to a network, and what the leak adds',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: rungs.map(describe).join(' '),
    ...stack([
      {
        height,
        content: chart({
          height,
          marginLeft: 200,
          marginRight: 30,
          x: { type: 'log', domain: [0.85, least], axis: null },
          y: {
            type: 'band',
            domain: rungs.map(({ name }) => name),
            label: null,
            grid: false,
            tickSize: 0,
            padding: 0,
          },
          marks: [
            gridX(ticks),
            // Plot's own axis leaves out the labels of a logarithmic scale that are no powers of ten.
            axisX(ticks, {
              text: (value: number) => String(Number((1 - value).toFixed(3))),
              label: 'ROC AUC',
              labelAnchor: 'center',
              labelArrow: 'none',
              labelOffset: 44,
            }),
            link(pairs, {
              x1: ({ random }: LadderRung) => missing(random ?? 0.5),
              x2: ({ patientDisjoint }: LadderRung) => missing(patientDisjoint ?? 0.5),
              y1: 'name',
              y2: 'name',
              stroke: COLOURS.muted,
            }),
            ...dots.flatMap(({ name, auc, colour, symbol, dy }) => [
              dot([auc], { x: missing, y: () => name, r: 6, fill: colour, symbol }),
              text([auc], {
                x: missing,
                y: () => name,
                text: (value: number) => value.toFixed(4),
                dy,
                fill: colour,
                fontSize: FONT_SIZE.small,
              }),
            ]),
          ],
        }),
      },
      legend(PROTOCOLS.map(({ title, colour, symbol }) => ({ label: title, colour, symbol, fill: colour }))),
    ]),
  });
}

function describe({ name, random, patientDisjoint }: LadderRung): string {
  const auc = (value: number | null) => (value === null ? 'not tried' : value.toFixed(4));
  return `ROC AUC of ${name}: ${auc(random)} with folds drawn by cell, ${auc(patientDisjoint)} with every patient unseen.`;
}
