import type { Evaluation } from '../evaluation/evaluate.ts';
import type { OperatingPoint } from '../evaluation/operating-points.ts';
import { seedCounting } from '../evaluation/seed-counting.ts';
import { formatShare } from './numbers.ts';
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
  'prAuc',
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
  const { recipe, labelSet, part, cells, patients, positive, rocAuc, prAuc, brier, ece } = evaluation;
  const shared = { recipe, labelSet, part, cells, patients, positive, rocAuc, prAuc, brier, ece };
  return allPoints(evaluation).map((point) => ({ ...shared, ...pointRow(point) }));
}

/** An evaluation for people: what it is of, what no threshold changes, a table of operating points. */
export function evaluationText(evaluation: Evaluation): string {
  const { part, cells, patients, labelSet, protocol, recipe, rocAuc, prAuc, brier, ece } = evaluation;
  const of = patients === 0 ? 'unknown patients' : `${patients} patients`;
  const lines = [
    `${part}: ${cells} cells of ${of}, ${labelSet} labels; protocol: ${protocol}; positive: parasitized`,
    `ROC AUC ${formatShare(rocAuc)}, PR AUC ${formatShare(prAuc)}, Brier ${formatShare(brier)}, ECE ${formatShare(ece)}`,
    '',
  ];
  const columns = [
    'operatingPoint',
    'threshold',
    'chosenOn',
    'sensitivity',
    'specificity',
    'accuracy',
    'mcc',
    'tp',
    'tn',
    'fp',
    'fn',
  ];
  const table = formatTable(allPoints(evaluation).map(pointRow), columns);
  return `${lines.join('\n')}\n${table}${recipe === 'seed' ? seedText(evaluation) : ''}`;
}

/** At the threshold of 0.5, as the notebook had it. */
function seedText(evaluation: Evaluation): string {
  const half = evaluation.operatingPoints.find(
    ({ threshold, chosenOn }) => threshold === 0.5 && chosenOn === null,
  );
  const { recall, precision, accuracy, rocAuc } = seedCounting({ ...evaluation, ...half });
  return `\nAs the starting project counted (positive: uninfected, threshold 0.5): ROC AUC ${formatShare(rocAuc)}, recall ${formatShare(recall)}, precision ${formatShare(precision)}, accuracy ${formatShare(accuracy)}\n`;
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
