import type { Command } from 'commander';
import type { AuditResult } from '../../audit/audit.ts';
import { GiemsaError } from '../../cells/errors.ts';
import type { Finding } from '../../report/audit-findings.ts';
import { EXIT } from '../exit.ts';
import { formatOption, labelFoldersOption, quietOption, seedOption, threadsOption } from '../options.ts';
import { type Format, formatJson, note, writeData } from '../output.ts';

interface AuditOptions {
  labelFolders?: [string, string];
  patients?: string[];
  split?: string;
  labels?: string;
  corrections?: string;
  review?: string;
  out?: string;
  format: Format;
  seed: number;
  threads: number;
  quiet?: boolean;
}

/** `giemsa dataset audit`: what a data set holds, and what is wrong with it. */
export function registerAudit(dataset: Command): void {
  dataset
    .command('audit')
    .description('look a data set over: counts, sizes, patients, damaged files, duplicates, shortcuts')
    .argument('<data>', 'folder or zip archive with one subfolder per label')
    .option('--split <file>', 'a split.csv: look for patients and duplicates in several parts')
    .option('--out <folder>', 'write audit.html there, audit.json, and every figure as SVG and PNG')
    .option(
      '--labels <file>',
      'out-of-fold predictions name,label,patient,fold,probability: audit the labels',
    )
    .option('--corrections <file>', "with --labels: a person's CSV name,label,corrected,who,when,why")
    .option('--review <file>', 'with --labels: CSV name,label,review, a second opinion to compare with')
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(labelFoldersOption())
    .addOption(formatOption(['table', 'json']))
    .addOption(seedOption())
    .addOption(threadsOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
The shortcut probes ask how well something that is no parasite predicts the label: the size of the image, its mean
colour (the black around the cell included), both, the patient. Each is tried on five folds drawn by cell, and on five
patient-disjoint ones. Two cells are near duplicates when thumbnails of them hardly differ, however one is turned or mirrored.
Duplicates are reported, nothing is changed.

With --labels, cells are ranked by how likely their label is wrong (confident learning), in place of all the above. Each must have
been predicted by a model that never saw its patient. --out then has label-errors.csv, label-audit.json and a gallery. Labels are
never changed: corrections are listed, and figures given on published and on corrected labels.

Examples:
  $ giemsa dataset audit cell_images --out audit
  $ giemsa dataset audit cells.zip --label-folders infected,healthy --patients patients.csv
  $ giemsa dataset audit cell_images --split split.csv --format json > audit.json
  $ giemsa dataset audit cell_images --labels cv/predictions.csv --review cells.csv --out labels
  $ giemsa dataset audit cell_images --labels cv/predictions.csv --corrections ours.csv`,
    )
    .action(run);
}

async function run(path: string, options: AuditOptions): Promise<void> {
  const { labels, split, corrections, review, out } = options;
  if (out !== undefined) {
    const { checkFolder } = await import('../../dataset/write-file.ts');
    await checkFolder(out);
  }
  if (labels !== undefined) {
    if (split !== undefined)
      throw wrongUsage('--split does not go with --labels: the predictions have folds');
    return auditOfLabels(path, labels, options);
  }
  for (const [name, value] of Object.entries({ corrections, review })) {
    if (value !== undefined) throw wrongUsage(`--${name} goes with --labels FILE`);
  }
  return audit(path, options);
}

function wrongUsage(message: string): GiemsaError {
  return new GiemsaError('wrong-usage', message);
}

async function auditOfLabels(path: string, labels: string, options: AuditOptions): Promise<void> {
  const { auditLabelFile } = await import('../label-audit.ts');
  const { labelAuditText } = await import('../label-audit-text.ts');
  const { labelFolders, patients, corrections, review, out, seed, quiet, format } = options;
  const result = await auditLabelFile(path, {
    labels,
    ...(corrections === undefined ? {} : { corrections }),
    ...(review === undefined ? {} : { review }),
    ...(out === undefined ? {} : { out }),
    seed,
    dataset: { ...(labelFolders ? { labelFolders } : {}), ...(patients ? { patients } : {}) },
    onNote: (text) => {
      if (!quiet) note(text);
    },
    onUnreadable: (file, reason) => {
      note(`${file}: ${reason}`);
      process.exitCode = EXIT.someUnreadable;
    },
  });
  await writeData(format === 'json' ? formatJson(result) : labelAuditText(result));
  if (out !== undefined && !quiet) note(`Wrote label-errors.csv, label-audit.json and figures/ in ${out}.`);
}

async function audit(path: string, options: AuditOptions): Promise<void> {
  const { join } = await import('node:path');
  const { auditDataset } = await import('../../audit/audit.ts');
  const { openDataset } = await import('../../dataset/dataset.ts');
  const { readSplit } = await import('../../dataset/split.ts');
  const { auditFindings } = await import('../../report/audit-findings.ts');
  const { auditText } = await import('../audit-text.ts');
  const { workProgress } = await import('../work-progress.ts');

  const split = options.split === undefined ? undefined : await readSplit(options.split);
  const data = await openDataset(path, {
    ...(options.labelFolders ? { labelFolders: options.labelFolders } : {}),
    ...(options.patients ? { patients: options.patients } : {}),
  });
  const progress = workProgress(options.quiet ?? false);
  try {
    const result = await auditDataset(data, {
      ...(split ? { split } : {}),
      seed: options.seed,
      threads: options.threads,
      onProgress: (step, done, total) => progress.show(STEPS[step], done, total),
    });
    progress.end();
    if (!options.quiet) for (const text of data.notes) note(text);
    for (const { path: file, reason } of result.audit.unreadable) note(`${join(path, file)}: ${reason}`);
    if (result.audit.unreadable.length > 0) process.exitCode = EXIT.someUnreadable;
    const findings = auditFindings(result.audit);
    const json = formatJson({ ...result.audit, findings });
    if (options.out !== undefined) await writeAudit(path, options.out, { ...result, findings, json });
    await writeData(options.format === 'json' ? json : auditText(result.audit, findings));
    if (options.out !== undefined && !options.quiet) note(`Look at ${options.out}/audit.html in a browser.`);
  } finally {
    progress.end();
    await data.close();
  }
}

const STEPS = { reading: 'reading images', probing: 'trying shortcuts' } as const;

/** Nothing is written before all of it is made. */
async function writeAudit(
  path: string,
  out: string,
  result: AuditResult & { findings: readonly Finding[]; json: string },
): Promise<void> {
  const { basename, join, resolve } = await import('node:path');
  const { writeFileWhole } = await import('../../dataset/write-file.ts');
  const { auditFigures } = await import('../../report/audit-figures.ts');
  const { auditReport } = await import('../../report/audit-report.ts');
  const { svgToPng } = await import('../../report/png.ts');
  const { packageVersion } = await import('../../training/version.ts');
  const { version } = await packageVersion();
  const { audit, findings, json } = result;
  const figures = auditFigures(result);
  const files: [name: string, content: string | Uint8Array][] = [];
  for (const { name, svg } of figures) {
    files.push([join('figures', `${name}.svg`), svg], [join('figures', `${name}.png`), await svgToPng(svg)]);
  }
  files.push(['audit.json', json]);
  files.push([
    'audit.html',
    auditReport({ name: basename(resolve(path)), audit, findings, figures, version }),
  ]);
  for (const [name, content] of files) await writeFileWhole(join(out, name), content);
}
