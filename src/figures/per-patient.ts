import { dot, ruleY, text } from '@observablehq/plot';
import { median } from 'd3-array';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { counted, share } from './numbers.ts';
import { COLOURS, FONT_SIZE } from './theme.ts';

/** One patient's cells of one label. */
export interface PatientRate {
  readonly patient: string;
  readonly cells: number;
  /** Share that is called right. */
  readonly rate: number;
}

export interface PerPatientData {
  /** Of patients with parasitized cells. */
  readonly sensitivity: readonly PatientRate[];
  /** Of patients with uninfected cells. */
  readonly specificity: readonly PatientRate[];
  readonly subtitle?: string | undefined;
}

/** Rates of patients with fewer cells say little: they are drawn hollow, and are not in the median. */
export const FEW_CELLS = 10;
/** Patients named in the figure: the worst ones with enough cells. */
const NAMED = 3;
const HEIGHT = 240;

/** Sensitivity and specificity of each patient, from the worst to the best. */
export function perPatientFigure({ sensitivity, specificity, subtitle }: PerPatientData): Figure {
  const panels = [
    panelOf('Sensitivity', 'parasitized', sensitivity),
    panelOf('Specificity', 'uninfected', specificity),
  ];
  return frame({
    name: 'per-patient',
    title: 'Sensitivity and specificity of each patient',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: panels.map(describe).join(' '),
    ...stack([
      ...panels.map((panel) => ({ height: HEIGHT, content: drawPanel(panel) })),
      legend([
        {
          label: `patient with ${FEW_CELLS} cells or more of the label`,
          colour: COLOURS.ink,
          symbol: 'circle',
          fill: COLOURS.ink,
        },
        { label: `patient with fewer: says little`, colour: COLOURS.ink, symbol: 'circle' },
        { label: 'median of the former', colour: COLOURS.ink, dash: '6 4' },
      ]),
    ]),
  });
}

interface Panel {
  readonly title: 'Sensitivity' | 'Specificity';
  readonly label: 'parasitized' | 'uninfected';
  /** From the worst to the best. */
  readonly rows: readonly (PatientRate & { readonly rank: number })[];
  /** Of those with enough cells. */
  readonly middle: number | null;
  readonly worst: Panel['rows'];
}

function panelOf(title: Panel['title'], label: Panel['label'], rates: readonly PatientRate[]): Panel {
  const rows = rates
    .toSorted((a, b) => a.rate - b.rate || b.cells - a.cells || (a.patient < b.patient ? -1 : 1))
    .map((row, i) => ({ ...row, rank: i + 1 }));
  const enough = rows.filter(({ cells }) => cells >= FEW_CELLS);
  return {
    title,
    label,
    rows,
    middle: median(enough, ({ rate }) => rate) ?? null,
    worst: enough.slice(0, NAMED),
  };
}

function drawPanel({ title, label, rows, middle, worst }: Panel): string {
  const lowest = Math.min(1, ...rows.map(({ rate }) => rate));
  return chart({
    height: HEIGHT,
    marginTop: 24,
    x: {
      domain: [0.5, Math.max(1, rows.length) + 0.5],
      label: `Patients, from the lowest ${title.toLowerCase()} to the highest`,
      tickFormat: 'd',
      ticks: Math.min(8, rows.length),
    },
    y: { domain: [Math.floor(lowest * 10 - 1e-9) / 10, 1], label: title, ticks: 5, tickFormat: '.2f' },
    marks: [
      middle === null ? null : ruleY([middle], { stroke: COLOURS.ink, strokeDasharray: '6 4' }),
      dot(rows, {
        x: 'rank',
        y: 'rate',
        r: rows.length > 60 ? 3.5 : 5,
        stroke: COLOURS[label],
        strokeWidth: 1.5,
        fill: ({ cells }: PatientRate) => (cells < FEW_CELLS ? COLOURS.paper : COLOURS[label]),
      }),
      text([namesOf(worst)], { frameAnchor: 'bottom-right', dy: -6, fontSize: FONT_SIZE.small }),
    ],
  });
}

/** In the lower right, where a rising line of points leaves room. */
function namesOf(worst: Panel['worst']): string {
  const names = worst.map(
    ({ patient, rate, cells }) => `${patient} ${rate.toFixed(2)} (${counted(cells, 'cell')})`,
  );
  return names.length === 0 ? '' : `lowest: ${names.join(', ')}`;
}

function describe({ title, label, rows, middle, worst }: Panel): string {
  if (rows.length === 0) return `No patient has ${label} cells.`;
  const named = worst.map(
    ({ patient, rate, cells }) => `${patient} ${share(rate)} of ${counted(cells, 'cell')}`,
  );
  return `${title} of ${counted(rows.length, 'patient')} with ${label} cells, median of those with ${FEW_CELLS} or more ${share(middle)}${named.length > 0 ? `; lowest ${named.join(', ')}` : ''}.`;
}
