import { rectY, ruleY } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { count, counted } from './numbers.ts';
import { COLOURS } from './theme.ts';

export interface PatientBar {
  readonly patient: string;
  readonly parasitized: number;
  readonly uninfected: number;
}

const HEIGHT = 320;
/** More would be narrower than a line. */
const MOST_BARS = 400;

/** The cells of each patient: parasitized ones up, uninfected ones down, in the order given. */
export function cellsPerPatientFigure(patients: readonly PatientBar[], subtitle?: string): Figure {
  const bars = patients.slice(0, MOST_BARS).map((patient, i) => ({ ...patient, from: i + 0.5, to: i + 1.5 }));
  const inset = bars.length > 100 ? 0.2 : 1;
  const mostOf = (label: 'parasitized' | 'uninfected') => Math.max(0, ...bars.map((bar) => bar[label]));
  const x = { x1: 'from', x2: 'to', insetLeft: inset, insetRight: inset } as const;
  return frame({
    name: 'cells-per-patient',
    title: 'Cells of each patient',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: describe(patients),
    ...stack([
      {
        height: HEIGHT,
        content: chart({
          height: HEIGHT,
          x: {
            domain: [0.5, Math.max(1, bars.length) + 0.5],
            label: `${bars.length < patients.length ? `The first ${MOST_BARS} patients` : 'Patients'}, from the most parasitized cells to the fewest`,
            tickFormat: 'd',
            ticks: Math.min(8, bars.length),
          },
          y: {
            domain: [-mostOf('uninfected'), Math.max(1, mostOf('parasitized'))],
            label: 'Cells',
            tickFormat: (cells: number) => count(Math.abs(cells)),
            ticks: 7,
          },
          marks: [
            rectY(bars, { ...x, y1: 0, y2: 'parasitized', fill: COLOURS.parasitized }),
            rectY(bars, {
              ...x,
              y1: 0,
              y2: ({ uninfected }: PatientBar) => -uninfected,
              fill: COLOURS.uninfected,
            }),
            ruleY([0], { stroke: COLOURS.ink }),
          ],
        }),
      },
      legend([
        {
          label: 'parasitized cells, upwards',
          colour: COLOURS.parasitized,
          symbol: 'square',
          fill: COLOURS.parasitized,
        },
        {
          label: 'uninfected cells, downwards',
          colour: COLOURS.uninfected,
          symbol: 'square',
          fill: COLOURS.uninfected,
        },
      ]),
    ]),
  });
}

function describe(patients: readonly PatientBar[]): string {
  const infected = patients.filter(({ parasitized }) => parasitized > 0);
  const healthy = patients.length - infected.length;
  const all = infected.reduce((sum, { parasitized }) => sum + parasitized, 0);
  const top = infected.slice(0, 10).reduce((sum, { parasitized }) => sum + parasitized, 0);
  const most =
    infected.length <= 10
      ? ''
      : ` The ten patients with most have ${((100 * top) / all).toFixed(0)} % of all parasitized cells.`;
  return `${counted(patients.length, 'patient')}: ${count(infected.length)} with parasitized cells, ${count(healthy)} without.${most}`;
}
