import type { Figures } from '../evaluation/figures.ts';
import { count, counted, percent } from '../figures/numbers.ts';
import type { PrintedLabelAudit } from './label-audit.ts';
import { formatInterval, formatShare } from './numbers.ts';
import { formatTable, type Row } from './output.ts';

/** Suspects named in the text; label-errors.csv has all cells. */
const NAMED = 10;

const LABELS = ['parasitized', 'uninfected'] as const;

/** An audit of labels as tables and sentences. */
export function labelAuditText(audit: PrintedLabelAudit): string {
  const { cells, patients, folds, suspects } = audit;
  const sections = [
    `${counted(cells, 'cell')} of ${counted(patients, 'patient')}, each predicted by a model that never saw its patient (${folds} folds)\n`,
    formatTable(labelRows(audit), ['published label', 'self-confidence', 'suspected']),
    suspectsText(audit),
    reviewText(audit),
    correctionsText(audit),
    suspects.length > 0 ? 'A doubt is no verdict: look at the cells. Nothing was changed.\n' : '',
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function labelRows({ selfConfidence, suspected }: PrintedLabelAudit): Row[] {
  return LABELS.map((label) => ({
    'published label': label,
    'self-confidence': selfConfidence[label],
    suspected: suspected[label],
  }));
}

function suspectsText({ suspects }: PrintedLabelAudit): string {
  if (suspects.length === 0) return 'No label is suspected.\n';
  const rows = suspects.slice(0, NAMED).map((row) => ({ ...row }));
  const more = suspects.length > NAMED ? `and ${count(suspects.length - NAMED)} more suspected\n` : '';
  return `${formatTable(rows, ['rank', 'score', 'label', 'patient', 'name'])}${more}`;
}

function reviewText({ review, suspects }: PrintedLabelAudit): string {
  if (review === null) return '';
  const { doubted, found, recall, averagePrecision, suspectedDoubted, byLabel } = review;
  if (doubted === 0) return 'The review doubts none of these cells.\n';
  const each = LABELS.map((label) => `${byLabel[label].found} of ${byLabel[label].doubted} ${label}`);
  return [
    `The review doubts ${counted(doubted, 'cell')}:`,
    `  among the ${count(doubted)} first of the ranking are ${found} of them: recall ${formatShare(recall)} (${each.join(', ')})`,
    `  average precision of the whole ranking ${formatShare(averagePrecision)}`,
    `  of the ${count(suspects.length)} suspected, the review doubts ${suspectedDoubted}${suspects.length > 0 ? `: ${percent(suspectedDoubted / suspects.length)}` : ''}`,
    '',
  ].join('\n');
}

const FIGURES = [
  ['rocAuc', 'ROC AUC'],
  ['accuracy', 'accuracy'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['mcc', 'MCC'],
] as const;

function correctionsText({ corrections }: PrintedLabelAudit): string {
  if (corrections === null) return '';
  const { list, changed, confirmed, published, corrected } = corrections;
  const value = (of: Figures, name: (typeof FIGURES)[number][0]) =>
    `${formatShare(of[name])}  ${formatInterval(of.intervals[name])}`.trimEnd();
  const rows = FIGURES.map(([name, figure]) => ({
    figure,
    'published labels, 95 %': value(published, name),
    'corrected labels, 95 %': value(corrected, name),
  }));
  return [
    `${counted(list.length, 'correction')}: ${changed.parasitized} parasitized to uninfected, ${changed.uninfected} uninfected to parasitized, ${confirmed} confirmed`,
    formatTable(
      list.slice(0, NAMED).map((row) => ({ ...row })),
      ['name', 'label', 'corrected', 'who', 'when', 'why'],
    ).trimEnd(),
    ...(list.length > NAMED ? [`and ${count(list.length - NAMED)} more`] : []),
    '',
    'The same predictions at threshold 0.5:',
    formatTable(rows, Object.keys(rows[0])),
  ].join('\n');
}
