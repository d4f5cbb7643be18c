import { dot, lineY, ruleX, text } from '@observablehq/plot';
import { chart } from './chart.ts';
import { type Figure, frame, stack } from './frame.ts';
import { legend } from './legend.ts';
import { share } from './numbers.ts';
import { COLOURS, FONT_SIZE } from './theme.ts';

/** One epoch; null where a part lacks one of the labels, or is empty. */
export interface EpochFigures {
  readonly epoch: number;
  readonly train: CurveFigures;
  readonly val: CurveFigures;
}

export interface CurveFigures {
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly rocAuc: number | null;
}

export interface HistoryData {
  readonly epochs: readonly EpochFigures[];
  /** The epoch whose weights became the model. */
  readonly kept?: number | undefined;
  readonly subtitle?: string;
}

const PANELS = [
  { key: 'loss', label: 'Loss' },
  { key: 'accuracy', label: 'Accuracy' },
  { key: 'rocAuc', label: 'ROC AUC' },
] as const;
const PARTS = [
  { key: 'train', label: 'training', colour: COLOURS.muted, dash: '7 4' },
  { key: 'val', label: 'validation', colour: COLOURS.other, dash: 'none' },
] as const;

const HEIGHT = 190;

/** Loss, accuracy and ROC AUC of training and validation by epoch, a panel each. */
export function historyFigure({ epochs, kept, subtitle }: HistoryData): Figure {
  const panels = PANELS.map((panel, i) => ({
    content: drawPanel(panel, epochs, kept, i === PANELS.length - 1),
    height: HEIGHT + (i === PANELS.length - 1 ? AXIS : 0),
  }));
  return frame({
    name: 'history',
    title: 'Training and validation, epoch by epoch',
    ...(subtitle === undefined ? {} : { subtitle }),
    text: describe(epochs, kept),
    ...stack([legend(PARTS, 2), ...panels]),
  });
}

/** Room for the axis of epochs, below the last panel. */
const AXIS = 36;

function drawPanel(
  { key, label }: (typeof PANELS)[number],
  epochs: readonly EpochFigures[],
  kept: number | undefined,
  last: boolean,
): string {
  const ends = [epochs[0]?.epoch ?? 0, epochs.at(-1)?.epoch ?? 1];
  const rows = PARTS.flatMap((part) =>
    epochs.map((row) => ({ part, epoch: row.epoch, value: row[part.key][key] })),
  ).filter(({ value }) => value !== null);
  return chart({
    height: HEIGHT + (last ? AXIS : 0),
    marginBottom: last ? AXIS + 16 : 16,
    x: {
      domain: ends[0] === ends[1] ? [ends[0] - 1, ends[1] + 1] : ends,
      label: last ? 'Epoch' : null,
      ticks: ticksOf(epochs),
      tickFormat: last ? 'd' : () => '',
      labelOffset: 38,
    },
    y: { label, ticks: 5, nice: true },
    marks: [
      kept === undefined ? null : ruleX([kept], { stroke: COLOURS.ink, strokeDasharray: '2 3' }),
      kept === undefined || key !== PANELS[0].key
        ? null
        : text([kept], {
            x: (epoch) => epoch,
            text: () => 'kept',
            frameAnchor: 'top',
            dy: -14,
            fontSize: FONT_SIZE.small,
          }),
      ...PARTS.flatMap((part) => {
        const own = rows.filter((row) => row.part === part);
        const style = { x: 'epoch', y: 'value', stroke: part.colour };
        return [
          lineY(own, { ...style, strokeWidth: 2.5, strokeDasharray: part.dash }),
          // A single epoch has no line.
          own.length === 1 ? dot(own, { ...style, r: 4 }) : null,
        ];
      }),
    ],
  });
}

/** At most ten whole epochs. */
function ticksOf(epochs: readonly EpochFigures[]): number[] {
  const step = Math.ceil(epochs.length / 10);
  return epochs.map(({ epoch }) => epoch).filter((_, i) => (epochs.length - 1 - i) % step === 0);
}

function describe(epochs: readonly EpochFigures[], kept: number | undefined): string {
  const shown = [epochs[0], epochs.find(({ epoch }) => epoch === kept), epochs.at(-1)];
  const rows = [...new Set(shown)].filter((row) => row !== undefined);
  const lines = rows.map(({ epoch, train, val }) => {
    const parts = PANELS.map(({ key, label }) => `${label} ${share(train[key])} and ${share(val[key])}`);
    return `epoch ${epoch}${epoch === kept ? ' (kept)' : ''}: ${parts.join(', ')}`;
  });
  return `On training and validation cells: ${lines.join('; ')}.`;
}
