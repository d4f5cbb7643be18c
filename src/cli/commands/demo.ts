import { join } from 'node:path';
import type { Command } from 'commander';
import type { CellImage } from '../../cells/image.ts';
import type { Cell } from '../../dataset/cell.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { Ratio, SplitRow } from '../../dataset/split.ts';
import type { Evaluation } from '../../evaluation/evaluate.ts';
import type { Baseline } from '../../report/baselines.ts';
import { formatShare } from '../numbers.ts';
import { quietOption, seedOption, threadsOption } from '../options.ts';
import { note, writeData, writeRows } from '../output.ts';

interface DemoOptions {
  out: string;
  seed: number;
  threads: number;
  quiet?: boolean;
}

/** Enough for the demo recipe to tell the test cells apart. */
const CELLS = 900;
/** Of patients: twelve of sixty are tested. */
const RATIO: Ratio = [60, 20, 20];
/** Cells of the test part classified at the end, to be looked at. */
const SHOWN = 6;

/** `giemsa demo`: the whole way, from images to predictions, on cells that it draws itself. */
export function register(program: Command): void {
  program
    .command('demo')
    .description('draw cells, train a small network on them, evaluate it, write a report: within a minute')
    .option('--out <dir>', 'folder to make', 'giemsa-demo')
    .addOption(seedOption())
    .addOption(threadsOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
The cells are drawn: its figures say nothing of real ones.

Examples:
  $ giemsa demo
  $ giemsa demo --out tmp/demo --seed 7`,
    )
    .action(demo);
}

async function demo({ out, seed, threads, quiet = false }: DemoOptions): Promise<void> {
  const say = (text: string) => quiet || note(text);
  const { createRunFolder } = await import('../../training/run-folder.ts');
  const { openDataset } = await import('../../dataset/dataset.ts');
  const { splitByPatient } = await import('../../dataset/split-by-patient.ts');
  const cells = join(out, 'cells');
  const run = join(out, 'run');
  await createRunFolder(out);

  say(`Drawing ${CELLS} cells into ${cells}.`);
  const images = await drawInto(cells, seed);
  const dataset = await openDataset(cells);
  try {
    const split = splitByPatient(dataset.cells, { seed, ratio: RATIO });
    const network = await train(dataset, split, { cells, run, seed, threads, quiet });
    if (!network) return;
    const baselines = await fitBaselines(network, split, images, join(out, 'baselines'));
    await printBaselines(network, baselines, say);
    await writeReport(run, cells, baselines);
    await classifySome(dataset, split, run, say);
  } finally {
    await dataset.close();
  }
  for (const line of farewell(out, cells, run)) say(line);
}

function farewell(out: string, cells: string, run: string): string[] {
  return [
    '',
    `Made in ${out}:`,
    '  cells/      the drawn cells, a folder for each label',
    '  run/        the training: report.html, figures/, model.onnx, metrics.json, predictions.csv, ...',
    '  baselines/  what the three baselines predicted, in the format of predictions.csv',
    'Next, with these cells and with the NIH set in cell_images (in a checkout, write npx giemsa):',
    `  giemsa classify ${join(cells, 'Parasitized')} --model ${join(run, 'model.onnx')}`,
    '  giemsa train --data cell_images --recipe default --out run',
    '',
    `Look at ${join(run, 'report.html')} in a browser.`,
  ];
}

/** Writes drawn cells as PNG files, in folders as those of the NIH set. @returns the images, by name */
async function drawInto(folder: string, seed: number): Promise<Map<string, CellImage>> {
  const { drawCells } = await import('../../cells/draw.ts');
  const { encodePng } = await import('../../cells/encode.ts');
  const { writeFileWhole } = await import('../../dataset/write-file.ts');
  const folders = { parasitized: join(folder, 'Parasitized'), uninfected: join(folder, 'Uninfected') };
  const cells = drawCells({ count: CELLS, seed });
  for (const { name, label, image } of cells) {
    await writeFileWhole(join(folders[label], name), encodePng(image));
  }
  return new Map(cells.map(({ name, image }) => [name, image]));
}

interface Place {
  readonly cells: string;
  readonly run: string;
  readonly seed: number;
  readonly threads: number;
  readonly quiet: boolean;
}

/** Trains on patients of their own and prints the figures of the test part. */
async function train(
  dataset: Dataset,
  split: readonly SplitRow[],
  { cells, run, seed, threads, quiet }: Place,
): Promise<Evaluation | undefined> {
  const { runTraining } = await import('../../training/train.ts');
  const { demo: recipe } = await import('../../recipes/demo.ts');
  const { trainingProgress } = await import('../progress.ts');
  const { evaluationText } = await import('../evaluation-text.ts');
  const progress = trainingProgress(quiet);
  const { metrics } = await runTraining({
    recipe,
    dataset,
    data: { path: cells, labelSet: 'published' },
    split,
    out: run,
    seed,
    threads,
    onEvent: progress.onEvent,
  });
  progress.end();
  if (metrics !== undefined) await writeData(evaluationText(metrics));
  return metrics;
}

/** Fits the baselines to the same patients and keeps their predictions. */
async function fitBaselines(
  { protocol, labelSet, part }: Evaluation,
  split: readonly SplitRow[],
  images: ReadonlyMap<string, CellImage>,
  folder: string,
): Promise<Baseline[]> {
  const { BASELINES, predictBaseline } = await import('../../training/baselines.ts');
  const { evaluatePart } = await import('../../evaluation/evaluate.ts');
  const { writeFileWhole } = await import('../../dataset/write-file.ts');
  const { formatCsv } = await import('../csv-text.ts');
  const placed = split.map((row) => ({ ...row, image: images.get(row.name) as CellImage }));
  const columns = ['name', 'label', 'patient', 'part', 'probability'];
  const baselines = [];
  for (const [name, features] of Object.entries(BASELINES)) {
    const predictions = await predictBaseline(features, placed);
    const rows = predictions.map((prediction) => ({ ...prediction }));
    await writeFileWhole(join(folder, `${name.replace(' ', '-')}.csv`), formatCsv(rows, columns, true));
    const evaluation = evaluatePart(predictions, { protocol, recipe: null, labelSet, part });
    baselines.push({ name, evaluation });
  }
  return baselines;
}

async function printBaselines(
  network: Evaluation,
  baselines: readonly Baseline[],
  say: (text: string) => void,
): Promise<void> {
  say('');
  say('The network beside what needs no network: logistic regressions, on the same patients.');
  const figures = ['rocAuc', 'accuracy', 'sensitivity', 'specificity'] as const;
  const rows = [{ name: 'the network', evaluation: network }, ...baselines].map(({ name, evaluation }) => ({
    name,
    ...Object.fromEntries(figures.map((figure) => [figure, evaluation[figure]])),
  }));
  await writeRows(rows, ['name', ...figures], 'table');
}

async function writeReport(run: string, cells: string, baselines: readonly Baseline[]): Promise<void> {
  const { writeRunReport } = await import('../report-run.ts');
  await writeRunReport(run, {
    data: { path: cells, onUnreadable: (path, reason) => note(`${path}: ${reason}`), onNote: () => {} },
    warning: 'These cells are drawn. The figures show how giemsa works; they say nothing of real cells.',
    baselines,
  });
}

/** Classifies the first cells of the test part, half of them parasitized, with the new network and with the package's own. */
async function classifySome(
  dataset: Dataset,
  split: readonly SplitRow[],
  run: string,
  say: (text: string) => void,
): Promise<void> {
  const { cellsOfSplit } = await import('../../training/parts.ts');
  const test = cellsOfSplit(
    dataset.cells,
    split.filter(({ part }) => part === 'test'),
  );
  const of = (label: string) => test.filter((cell) => cell.label === label).slice(0, SHOWN / 2);
  const cells = [...of('parasitized'), ...of('uninfected')];
  say('');
  say(
    `${SHOWN} cells of the test part, classified by the new network, and by the model that comes with giemsa:`,
  );
  say('that one learnt from real cells, and what it says of drawn ones says nothing of how good it is.');
  const trained = await calls(cells, join(run, 'model.onnx'));
  const shipped = await calls(cells);
  const rows = cells.map(({ name, label }, i) => ({
    cell: name,
    drawn: label,
    'new network': trained[i],
    'shipped model': shipped[i],
  }));
  await writeRows(rows, ['cell', 'drawn', 'new network', 'shipped model'], 'table');
}

/** What a model calls cells, and its probabilities of parasitized. */
async function calls(cells: readonly Cell[], model?: string): Promise<string[]> {
  const { loadClassifier } = await import('../../load-classifier.ts');
  const classifier = await loadClassifier(model);
  try {
    const predictions = await classifier.classify(await Promise.all(cells.map((cell) => cell.read())));
    return predictions.map(({ label, probability }) => `${label} ${formatShare(probability)}`);
  } finally {
    await classifier.close();
  }
}
