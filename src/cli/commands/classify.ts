import { addAbortSignal } from 'node:stream';
import { type Command, InvalidArgumentError } from 'commander';
import { GiemsaError } from '../../cells/errors.ts';
import { finishClassify, type Tally, tellOfLostReport } from '../image-tally.ts';
import { formatOption, quietOption, threadsOption } from '../options.ts';
import { type Format, rowWriter } from '../output.ts';
import { stopOnSignals } from '../signals.ts';

interface ClassifyOptions {
  model?: string;
  format: Format;
  threshold?: number;
  prevalence?: number;
  report?: string;
  patients?: string[];
  null?: boolean;
  threads: number;
  fast?: boolean;
  quiet?: boolean;
}

const columns = ['file', 'label', 'probability', 'threshold', 'reason', 'error'];
/** With --prevalence only. */
const prevalenceColumns = ['prevalence', 'modelProbability'];

/** In place of a path: the paths are on stdin. */
const LIST = '-';

/** `giemsa classify`: label and probability, per image. */
export function register(program: Command): void {
  program
    .command('classify')
    .description('label and probability of parasitized, per image')
    .argument('<path...>', 'images, folders (read recursively), zip archives; - for a list of them on stdin')
    .option('--model <file>', "model file (without: the package's own)")
    .option(
      '--threshold <t>',
      "parasitized means a printed probability >= this (without: the model's own)",
      parseShare,
    )
    .option(
      '--prevalence <p>',
      'share of infected cells, above 0 and below 1: probabilities are those at this share',
      parsePrevalence,
    )
    .option('--report <file>', 'write an HTML file with counts and thumbnails, too')
    .option('--patients <file...>', 'CSV of image and patient, for the report (without: by NIH file names)')
    .option('-0, --null', 'with -: the paths end in NUL bytes (find -print0), not in line ends')
    .addOption(formatOption())
    .addOption(threadsOption())
    .option('--fast', 'relaxed SIMD: faster, but the last digits depend on the processor')
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Any number of images is read in constant memory. What cannot be read has its row, and the exit status is then 3. Ctrl-C
stops after the row being written; the exit status is then 130, and no report is written.

With --prevalence, rows have two more columns: prevalence, and modelProbability as the model gave it. The model's own
threshold moves with the probabilities, so no label changes; --threshold is on the scale that is printed.

Examples:
  $ giemsa classify cell.png
  $ giemsa classify cells/ more.zip --format csv > calls.csv
  $ find cells -name '*.png' -print0 | giemsa classify - --null --format jsonl
  $ giemsa classify cells/ --model run/model.onnx --prevalence 0.01 --report cells.html`,
    )
    .action(classify);
}

async function classify(paths: string[], options: ClassifyOptions): Promise<void> {
  checkUsage(paths, options);
  const { areFew, classifyImages } = await import('../classify-images.ts');
  const { loadClassifier } = await import('../../load-classifier.ts');
  const { onScale, probabilityScale } = await import('../probability-scale.ts');
  const { imageProgress } = await import('../image-progress.ts');
  const { format, threads, prevalence, quiet = false } = options;
  const list = paths.includes(LIST);

  if (options.report !== undefined) tellOfLostReport();
  const classifier = await loadClassifier(options.model, {
    threads: areFew(paths) ? 1 : threads,
    fast: options.fast ?? false,
  });
  const tally: Tally = { read: 0, unreadable: 0, ignored: 0 };
  const labels = new Map<string, number>();
  let interrupted: number | undefined;
  try {
    const { metadata } = classifier.model;
    const scale = probabilityScale(metadata, options);
    const report = await openReport(options, metadata, scale);
    const progress = await imageProgress(list ? undefined : paths, { verb: 'classifying', format, quiet });
    const stop = stopOnSignals('Stopping after this row.', () => progress.end());
    const writer = rowWriter(prevalence === undefined ? columns : [...columns, ...prevalenceColumns], format);
    try {
      const images = classifyImages(classifier, {
        paths: list ? withList(paths, options.null ?? false, stop.signal) : paths,
        threads,
        keep: report?.keep,
        threshold: scale.modelThreshold,
        signal: stop.signal,
        onIgnored: () => tally.ignored++,
      });
      for await (const classified of images) {
        const { file, prediction } = classified;
        const scaled = onScale(prediction, scale);
        const { label, probability, threshold, reason, error } = scaled;
        await writer.write({
          ...{ file, label, probability, threshold, reason, error, prevalence },
          modelProbability: prediction.probability,
        });
        report?.add({ ...classified, label });
        tally[error === null ? 'read' : 'unreadable']++;
        if (label !== null) labels.set(label, (labels.get(label) ?? 0) + 1);
        progress.step();
        if (stop.signal.aborted) break;
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      progress.end();
      stop.close();
    }
    await writer.end();
    if (stop.signal.aborted) interrupted = stop.exitStatus();
    else if (tally.read + tally.unreadable > 0) await report?.write();
  } finally {
    await classifier.close();
  }
  finishClassify(tally, labels, options, { interrupted, list });
}

function checkUsage(paths: readonly string[], options: ClassifyOptions): void {
  const wrong = (message: string) => new GiemsaError('wrong-usage', message);
  const lists = paths.filter((path) => path === LIST).length;
  if (lists > 1) throw wrong('- may be given once: there is one stdin (a file of this name is ./-)');
  if (options.null && lists === 0) throw wrong('--null goes with a list of paths on stdin: give - as a path');
  if (options.patients && options.report === undefined) throw wrong('--patients goes with --report FILE');
}

/** The paths, with those of stdin in the place of `-`. A signal ends the wait for more. */
async function* withList(
  paths: readonly string[],
  nulls: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { readPathList } = await import('../../dataset/path-list.ts');
  for (const path of paths) {
    if (path === LIST) yield* readPathList(addAbortSignal(signal, process.stdin), { nulls });
    else yield path;
  }
}

async function openReport(
  { report, model, patients }: ClassifyOptions,
  metadata: import('../../model/metadata.ts').ModelMetadata,
  scale: import('../../report/classification-report.ts').ReportScale,
) {
  if (report === undefined) return undefined;
  const { openClassifyReport } = await import('../classify-report.ts');
  return openClassifyReport({ path: report, model, metadata, scale, patients });
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}

function parsePrevalence(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a share above 0 and below 1, as 0.01 for one cell in a hundred.');
}
