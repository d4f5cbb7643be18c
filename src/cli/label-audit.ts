import { join } from 'node:path';
import type { RankedLabel } from '../audit/confident-learning.ts';
import { readCorrections } from '../audit/corrections.ts';
import { auditLabels, type LabelAudit } from '../audit/label-audit.ts';
import { inFile } from '../cells/errors.ts';
import { type DatasetOptions, openDataset } from '../dataset/dataset.ts';
import { readReview } from '../dataset/label-sets.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import { labelErrorsFigure } from '../figures/label-errors.ts';
import { counted } from '../figures/numbers.ts';
import { creditOf } from '../report/credit.ts';
import { svgToPng } from '../report/png.ts';
import { formatCsv } from './csv-text.ts';
import { formatJson } from './output.ts';
import { cellFinder, withImages } from './predicted-cells.ts';
import { readPredictions } from './predictions-file.ts';

export interface LabelAuditOptions {
  readonly labels: string;
  readonly corrections?: string;
  readonly review?: string;
  readonly out?: string;
  readonly seed: number;
  /** How the data are opened. */
  readonly dataset: DatasetOptions;
  /** Called with what the user should know. */
  readonly onNote: (text: string) => void;
  /** Called for each image that cannot be read; it is not shown. */
  readonly onUnreadable: (path: string, reason: string) => void;
}

/** The audit with the cells it suspects, the most doubtful first: label-audit.json. */
export interface PrintedLabelAudit extends LabelAudit {
  readonly suspects: readonly Omit<RankedLabel, 'suspected'>[];
}

/** Cells of each label that are shown. */
const SHOWN = 16;

const RANKING_COLUMNS = ['name', 'label', 'patient', 'probability', 'rank', 'score', 'suspected'];

/**
 * Ranks the labels of a data set by how likely they are wrong, and compares the ranking with a second opinion and the figures with
 * those on a person's corrections. Nothing is changed; with `out`, label-errors.csv, label-audit.json and figures/ are written.
 *
 * @throws GiemsaError `leaking-folds`, `data-mismatch`, `bad-csv`, `unknown-correction`, `bad-review`
 */
export async function auditLabelFile(path: string, options: LabelAuditOptions): Promise<PrintedLabelAudit> {
  const { labels, out, seed, onNote } = options;
  const predictions = await readPredictions(labels);
  const review = options.review === undefined ? undefined : await readReview(options.review, predictions);
  const corrections =
    options.corrections === undefined ? undefined : await readCorrections(options.corrections, predictions);
  const { audit, ranked } = await inFile(labels, () =>
    auditLabels(predictions, {
      ...(review ? { review } : {}),
      ...(corrections ? { corrections } : {}),
      seed,
    }),
  );
  const suspects = ranked.filter(({ suspected }) => suspected).map(({ suspected: _, ...row }) => row);
  const printed = { ...audit, suspects };
  const data = await openDataset(path, options.dataset);
  try {
    const cellOf = cellFinder(data, path);
    for (const row of predictions) cellOf(row);
    const unpredicted = data.cells.length - predictions.length;
    if (unpredicted > 0)
      onNote(`${counted(unpredicted, 'cell')} of ${path} without a prediction: not audited.`);
    if (out === undefined) return printed;
    const shown = (label: RankedLabel['label']) =>
      withImages(suspects.filter((row) => row.label === label).slice(0, SHOWN), cellOf, options.onUnreadable);
    const cells = { parasitized: await shown('parasitized'), uninfected: await shown('uninfected') };
    const credit = creditOf([...cells.parasitized, ...cells.uninfected].map(({ name }) => name));
    const { svg } = labelErrorsFigure({
      ...cells,
      suspected: audit.suspected,
      subtitle: [
        `${counted(audit.cells, 'cell')} of ${counted(audit.patients, 'patient')}, each predicted by a model that never saw its patient. Below each: rank, probability of the other label, patient. Frame: published label`,
        ...(credit === undefined ? [] : [credit]),
      ].join('. '),
    });
    const rows = ranked.map((row) => ({ ...row }));
    const files: [name: string, content: string | Uint8Array][] = [
      [join('figures', 'label-errors.svg'), svg],
      [join('figures', 'label-errors.png'), await svgToPng(svg)],
      ['label-errors.csv', formatCsv(rows, RANKING_COLUMNS, true)],
      ['label-audit.json', formatJson(printed)],
    ];
    for (const [name, content] of files) await writeFileWhole(join(out, name), content);
    return printed;
  } finally {
    await data.close();
  }
}
