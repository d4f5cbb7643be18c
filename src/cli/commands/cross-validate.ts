import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CrossValidationOptions, CrossValidationResult } from '../../training/cross-validation.ts';
import { EXIT } from '../exit.ts';
import type { TrainOptions } from '../open-run.ts';
import {
  formatOption,
  labelFoldersOption,
  labelSetOption,
  quietOption,
  seedOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { formatJson, note, writeData } from '../output.ts';
import { stopOnSignals } from '../signals.ts';

interface Options extends Omit<TrainOptions, 'data' | 'recipe' | 'out' | 'split' | 'resume' | 'maxMinutes'> {
  readonly data: string;
  readonly recipe: string;
  readonly out: string;
  /** How many, or a file that says which. */
  readonly folds: number | string;
  readonly onlyFolds?: number[];
  readonly format: 'table' | 'json';
}

/** `giemsa cross-validate`: every cell predicted once, by a model that never saw its patient. */
export function register(program: Command): void {
  program
    .command('cross-validate')
    .description(
      'train once for each fold of patients; predict every cell by a model that never saw its patient',
    )
    .requiredOption('--data <path>', 'folder or zip archive with one subfolder per label')
    .requiredOption('--recipe <name|file>', 'seed, default, demo, or a file (.json, .js, .ts)')
    .addOption(
      new Option('--folds <n|file>', 'how many folds of patients to draw, or a CSV of patient and fold')
        .argParser(numberOrFile)
        .default(5),
    )
    .addOption(
      new Option(
        '--only-folds <a,b,...>',
        'use these folds alone: cells of others are neither trained on nor predicted',
      ).argParser((text) => text.split(',').map(wholeNumber(0))),
    )
    .requiredOption('--out <dir>', 'folder to make, or to go on with')
    .addOption(seedOption())
    .addOption(new Option('--epochs <n>', "in place of the recipe's").argParser(wholeNumber(1)))
    .addOption(threadsOption())
    .option('--fast', 'relaxed SIMD: faster, but the last bits depend on the processor')
    .addOption(labelFoldersOption())
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(labelSetOption())
    .option(
      '--review <csv>',
      'name,label,review: which labels are disputed; for --label-set, and figures under these labels, too',
    )
    .addOption(formatOption(['table', 'json']))
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
No patient is in two folds. The epoch that is kept and the threshold are chosen on a tenth of the training patients,
never on the fold that is predicted. With --label-set, models are trained on those labels; predictions and figures keep
the published ones.

Stopped with Ctrl-C or killed, the same command goes on where it was; finished folds are not trained again. Each fold
is a run folder of its own, DIR/fold-0 and so on; DIR gets predictions.csv, metrics.json, folds.csv and run.json.

Examples:
  $ giemsa cross-validate --data cell_images --recipe default --folds 5 --out runs/five-folds
  $ giemsa cross-validate --data cell_images --recipe my-recipe.ts --folds folds.csv --only-folds 0,1,2,3 --out runs/search
  $ giemsa evaluate --predictions runs/five-folds/predictions.csv`,
    )
    .action(crossValidate);
}

async function crossValidate(options: Options): Promise<void> {
  const { runCrossValidation } = await import('../../training/cross-validation.ts');
  const { crossValidationProgress } = await import('../progress.ts');
  const { close, ...prepared } = await prepare(options);
  const progress = crossValidationProgress(options.quiet ?? false);
  const stop = stopOnSignals('Stopping after this step.', () => progress.end());
  try {
    const result = await runCrossValidation({ ...prepared, onEvent: progress.onEvent, signal: stop.signal });
    progress.end();
    await report(result, options);
    if (result.status === 'interrupted') process.exitCode = stop.exitStatus();
  } finally {
    progress.end();
    stop.close();
    await close();
  }
}

/** Everything opened that a cross-validation needs. */
async function prepare(options: Options): Promise<CrossValidationOptions & { close(): Promise<void> }> {
  const { loadRecipe } = await import('../../training/load-recipe.ts');
  const { dataRecord, openData, reviewOf } = await import('../open-run.ts');
  const { out, seed, threads, fast, epochs, folds, onlyFolds } = options;
  const recipe = await loadRecipe(options.recipe);
  const data = dataRecord(options.data, options);
  const dataset = await openData(data, options.quiet);
  try {
    return {
      recipe,
      dataset,
      data,
      ...(await reviewOf(data, dataset.cells)),
      folds: await foldsOf(dataset, options),
      foldsFrom: typeof folds === 'string' ? folds : `${folds} drawn by the seed`,
      ...(onlyFolds ? { onlyFolds } : {}),
      out,
      seed,
      threads,
      fast: fast ?? false,
      ...(epochs ? { epochs } : {}),
      close: dataset.close,
    };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

async function foldsOf(
  { cells }: CrossValidationOptions['dataset'],
  { folds, seed }: Options,
): Promise<Map<string, number>> {
  if (typeof folds === 'string') return (await import('../../dataset/folds.ts')).readFolds(folds);
  return (await import('../../dataset/draw-folds.ts')).drawFolds(cells, { folds, seed });
}

async function report({ status, metrics, leftOut }: CrossValidationResult, options: Options): Promise<void> {
  if (leftOut > 0) process.exitCode = EXIT.someUnreadable;
  if (status === 'interrupted') note('Stopped. The same command goes on from the last checkpoint.');
  if (!metrics) return;
  if (options.format === 'json') return writeData(formatJson(metrics));
  const { crossValidationText } = await import('../cross-validation-text.ts');
  await writeData(crossValidationText(metrics, options.labelSet));
  if (!options.quiet) note(`Predictions, figures and the folds' models are in ${options.out}.`);
}

function numberOrFile(text: string): number | string {
  if (!/^-?\d+$/.test(text)) return text;
  const folds = Number(text);
  if (folds >= 2 && folds <= 1000) return folds;
  throw new InvalidArgumentError('Expected 2 folds or more, or a CSV of patient and fold.');
}
