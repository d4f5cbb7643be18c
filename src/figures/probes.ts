import { dot, ruleX, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { share } from './numbers.ts';
import { COLOURS, FONT_SIZE } from './theme.ts';

export interface ProbeRow {
  readonly name: string;
  readonly random: ProbeDots | null;
  readonly patientDisjoint: ProbeDots | null;
}

interface ProbeDots {
  /** Mean of the folds. */
  readonly rocAuc: number;
  readonly folds: readonly number[];
}

const PROTOCOLS = [
  { key: 'random', title: 'folds drawn by cell', colour: COLOURS.uninfected, symbol: 'circle', above: true },
  {
    key: 'patientDisjoint',
    title: 'patient-disjoint folds',
    colour: COLOURS.parasitized,
    symbol: 'diamond2',
    above: false,
  },
] as const;

const ROW = 74;

/** ROC AUC of what is no parasite: each fold a small mark, their mean a large one with its number. */
export function probesFigure(probes: readonly ProbeRow[], subtitle?: string): Figure {
  const rows = probes.map(({ name }) => name);
  const dots = probes.flatMap((probe) =>
    PROTOCOLS.flatMap((protocol) => {
      const result = probe[protocol.key];
      return result ? [{ ...protocol, name: probe.name, ...result }] : [];
    }),
  );
  const values = dots.flatMap(({ rocAuc, folds }) => [rocAuc, ...folds]);
  const lowest = Math.min(0.45, ...values.map((value) => Math.floor(value * 20) / 20));
  const height = ROW * rows.length + 68;
  return frame({
    name: 'probes',
    title: 'What predicts the label without a parasite',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: probes.map(describe).join(' '),
    ...stack([
      {
        height,
        content: chart({
          height,
          marginLeft: 140,
          x: {
            domain: [lowest, 1],
            label: 'ROC AUC (0.5: guessing)',
            grid: true,
            ticks: 6,
            tickFormat: '.1f',
          },
          y: { type: 'band', domain: rows, label: null, grid: false, tickSize: 0, padding: 0 },
          marks: [
            ruleX([0.5], { stroke: COLOURS.ink, strokeDasharray: '4 3' }),
            ...dots.flatMap(({ name, rocAuc, folds, colour, symbol, above }) => {
              const dy = above ? -14 : 14;
              return [
                dot(folds, { x: (auc: number) => auc, y: () => name, dy, r: 3, stroke: colour, symbol }),
                dot([rocAuc], { x: (auc: number) => auc, y: () => name, dy, r: 6.5, fill: colour, symbol }),
                text([rocAuc], {
                  x: Math.max(rocAuc, ...folds),
                  y: () => name,
                  text: share,
                  dx: 12,
                  dy,
                  textAnchor: 'start',
                  fontSize: FONT_SIZE.small,
                }),
              ];
            }),
          ],
        }),
      },
      legend(
        PROTOCOLS.map(({ title, colour, symbol }) => ({
          label: `${title}: mean, and each fold`,
          colour,
          symbol,
          fill: colour,
        })),
      ),
    ]),
  });
}

function describe({ name, random, patientDisjoint }: ProbeRow): string {
  return `ROC AUC of ${name}: ${share(random?.rocAuc)} with folds drawn by cell, ${share(patientDisjoint?.rocAuc)} with patient-disjoint folds.`;
}
