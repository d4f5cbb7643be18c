import type { Evaluation, LabelSetFigures, OperatingPoint } from '../evaluation/evaluate.ts';
import type { IntervalName } from '../evaluation/weighted-figures.ts';
import { counted, perThousand } from '../figures/numbers.ts';
import { formatInterval, formatShare } from './numbers.ts';
import { formatTable, type Row } from './output.ts';

const FIGURES = [
  'sensitivity',
  'specificity',
  'accuracy',
  'balancedAccuracy',
  'ppv',
  'npv',
  'f1',
  'mcc',
] as const;

/** Columns of an evaluation as CSV: one row an operating point, the figures of all thresholds repeated. */
export const EVALUATION_COLUMNS = [
  'recipe',
  'labelSet',
  'part',
  'cells',
  'patients',
  'positive',
  'rocAuc',
  'rocAucLow',
  'rocAucHigh',
  'prAuc',
  'prAucLow',
  'prAucHigh',
  'brier',
  'ece',
  'operatingPoint',
  'threshold',
  'chosenOn',
  ...FIGURES,
  'tp',
  'tn',
  'fp',
  'fn',
];

export function evaluationRows(evaluation: Evaluation): Row[] {
  const { recipe, labelSet, part, cells, patients, positive, rocAuc, prAuc, brier, ece, intervals } =
    evaluation;
  const [rocAucLow, rocAucHigh] = intervals.rocAuc ?? [];
  const [prAucLow, prAucHigh] = intervals.prAuc ?? [];
  const ranking = { rocAuc, rocAucLow, rocAucHigh, prAuc, prAucLow, prAucHigh };
  const shared = { recipe, labelSet, part, cells, patients, positive, ...ranking, brier, ece };
  return allPoints(evaluation).map((point) => ({ ...shared, ...pointRow(point) }));
}

const LABELS: readonly (readonly [IntervalName, string])[] = [
  ['rocAuc', 'ROC AUC'],
  ['prAuc', 'PR AUC'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['accuracy', 'accuracy'],
  ['balancedAccuracy', 'balanced accuracy'],
  ['ppv', 'PPV'],
  ['npv', 'NPV'],
  ['f1', 'F1'],
  ['mcc', 'MCC'],
  ['brier', 'Brier'],
  ['ece', 'ECE'],
];

/** An evaluation for people, in 80 columns: what it is of, figures with intervals, what they mean beyond the balanced set. */
export function evaluationText(evaluation: Evaluation): string {
  const sections = [
    headText(evaluation),
    figuresText(evaluation),
    operatingPointsText(evaluation),
    rocText(evaluation),
    indeterminateText(evaluation),
    healthyText(evaluation),
    beyondText(evaluation),
    labelSetsText(evaluation),
    foldsText(evaluation),
    seedText(evaluation),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function headText(evaluation: Evaluation): string {
  const { part, cells, patients, labelSet, protocol, threshold, chosenOn, counts } = evaluation;
  const of = patients === 0 ? 'unknown patients' : patients === 1 ? '1 patient' : `${patients} patients`;
  const chosen = chosenOn === null ? '' : `, chosen on ${chosenOn}`;
  return [
    `${part}: ${cells} cells of ${of}, ${labelSet} labels`,
    `protocol: ${protocol}; positive: parasitized`,
    `threshold ${formatShare(threshold)}${chosen}`,
    `tp ${counts.tp}, fn ${counts.fn}, tn ${counts.tn}, fp ${counts.fp}`,
    '',
  ].join('\n');
}

function figuresText(evaluation: Evaluation): string {
  const { intervals, cellIntervals, intervalMethod } = evaluation;
  const over = intervalMethod.unit === 'patient' ? 'over patients' : 'over cells';
  const rows = LABELS.map(([name, figure]) => ({
    figure,
    value: formatShare(evaluation[name]),
    [`95 % ${over}`]: formatInterval(intervals[name]),
    ...(cellIntervals ? { 'over cells (too narrow)': formatInterval(cellIntervals[name]) } : {}),
  }));
  const warning =
    intervalMethod.warning === null ? '' : `Intervals: ${intervalMethod.warning}; do not rely on them.\n`;
  return `${formatTable(rows, Object.keys(rows[0]))}${warning}`;
}

function operatingPointsText(evaluation: Evaluation): string {
  const rows = allPoints(evaluation).map((point) => ({
    'operating point': point.chosenOn === null ? point.name : `${point.name} (val)`,
    threshold: point.threshold,
    sensitivity: point.sensitivity,
    specificity: point.specificity,
    accuracy: point.accuracy,
    mcc: point.mcc,
  }));
  return formatTable(rows, Object.keys(rows[0]));
}

/** Thresholds behind these are chosen on the very cells, so they stand apart from the operating points. */
function rocText({ roc }: Evaluation): string {
  if (roc === null) return '';
  const { sensitivityAt, specificityAt } = roc;
  return [
    'Read off the ROC curve of these very cells:',
    `  sensitivity ${sensitivityAt.map((at) => `${formatShare(at.sensitivity)} at specificity ${at.specificity}`).join(', ')}`,
    `  specificity ${specificityAt.map((at) => `${formatShare(at.specificity)} at sensitivity ${at.sensitivity}`).join(', ')}`,
    '',
  ]
    .join('\n')
    .replaceAll(/(, \d\.\d+ at) \w+/g, '$1');
}

function indeterminateText({ indeterminate }: Evaluation): string {
  if (indeterminate === undefined) return '';
  const { cells, share, reasons, called } = indeterminate;
  const lines = [
    `Indeterminate: ${cells} cells, ${(100 * share).toFixed(1)} %; in all other figures they are called`,
  ];
  for (const [reason, count] of Object.entries(reasons)) lines.push(`  ${reason}: ${count}`);
  if (called && cells > 0) {
    const figures = (['sensitivity', 'specificity', 'accuracy', 'mcc'] as const).map(
      (name) => `${name} ${formatShare(called[name])}`,
    );
    lines.push(`  without them: ${figures.join(', ')}`);
  }
  return [...lines, ''].join('\n');
}

function healthyText({ healthy, indeterminate }: Evaluation): string {
  if (healthy === null) return '';
  const { patients, cells, falseCalls, perMicrolitre, upperPerMicrolitre, atSensitivity } = healthy;
  const round = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  const itself = indeterminate?.healthy;
  return [
    `Healthy patients (${patients}): ${falseCalls} of ${cells} cells called parasitized`,
    `  in 1,000 cells (95 %): ${perThousand(healthy)}, at most ${healthy.upper.toFixed(1)}`,
    `  a clean slide reads as ${round(perMicrolitre)} parasites a microlitre, at most ${round(upperPerMicrolitre)}`,
    '  (at 5 million red cells a microlitre; at most: one-sided, 95 %)',
    ...(itself
      ? [`  without the indeterminate: ${itself.falseCalls}, in 1,000 cells ${perThousand(itself)}`]
      : []),
    ...(atSensitivity.length > 0 ? ['  in 1,000 cells (95 %), by the sensitivity on these very cells:'] : []),
    ...atSensitivity.map((at) => `    ${formatShare(at.sensitivity)}: ${perThousand(at)}`),
    '',
  ].join('\n');
}

function beyondText({ ppvAt, calibration, betweenPatients }: Evaluation): string {
  const lines = [
    `PPV where few cells are infected: ${ppvAt.map(({ infected, ppv }) => `${formatShare(ppv)} at ${100 * infected} %`).join(', ')}`,
  ];
  if (calibration) {
    const { slope, intercept, eceEqualMass } = calibration;
    lines.push(
      `Calibration: slope ${slope.toFixed(2)} (1 is right), intercept ${intercept.toFixed(2)} (0)`,
      `  expected error over 15 bins of equally many cells: ${formatShare(eceEqualMass)}`,
    );
  }
  for (const name of ['sensitivity', 'specificity'] as const) {
    const spread = betweenPatients[name];
    if (spread === null) continue;
    const { patients, percentile10, median, minimum } = spread;
    lines.push(
      `${name} of ${counted(patients, 'patient')}: median ${formatShare(median)}, 10th percentile ${formatShare(percentile10)}, least ${formatShare(minimum)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Each label set a row, with the interval of the AUC. */
function labelSetsText(evaluation: Evaluation): string {
  if (evaluation.labelSets === undefined) return '';
  const row = (labels: string, figures: LabelSetFigures) => ({
    labels,
    cells: figures.cells,
    rocAuc: figures.rocAuc,
    '95 %': formatInterval(figures.intervals.rocAuc),
    accuracy: figures.accuracy,
    mcc: figures.mcc,
    ...(figures.indeterminate
      ? { 'accuracy without indeterminate': figures.indeterminate.called?.accuracy ?? null }
      : {}),
  });
  const rows = [
    row('published', evaluation),
    ...Object.entries(evaluation.labelSets).map(([name, figures]) => row(name, figures)),
  ];
  return formatTable(rows, Object.keys(rows[0]));
}

function foldsText({ folds }: Evaluation): string {
  if (folds === undefined) return '';
  return formatTable(
    folds.map(({ counts: _counts, ...fold }) => fold),
    ['fold', 'cells', 'patients', 'rocAuc', 'sensitivity', 'specificity', 'accuracy', 'mcc'],
  );
}

function seedText({ seedCounting: { rocAuc, recall, precision, accuracy } }: Evaluation): string {
  return [
    'As the starting project counted (positive: uninfected, threshold 0.5):',
    `  ROC AUC ${formatShare(rocAuc)}, recall ${formatShare(recall)}, precision ${formatShare(precision)}, accuracy ${formatShare(accuracy)}`,
    '',
  ].join('\n');
}

/** The operating points, with that of the evaluation itself first where it is none of them. */
function allPoints(evaluation: Evaluation): OperatingPoint[] {
  const { operatingPoints, threshold, chosenOn } = evaluation;
  const listed = operatingPoints.some(
    (point) =>
      point.threshold === threshold &&
      (point.chosenOn === chosenOn || `${point.chosenOn}, ${point.name}` === chosenOn),
  );
  return [...(listed ? [] : [{ ...evaluation, name: 'the model’s' }]), ...operatingPoints];
}

function pointRow(point: OperatingPoint): Row {
  const figures = Object.fromEntries(FIGURES.map((name) => [name, point[name]]));
  const { name, threshold, chosenOn, counts } = point;
  return { operatingPoint: name, threshold, chosenOn, ...figures, ...counts };
}
