import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TrainingOptions, TrainingResult } from '../../training/options.ts';
import { EXIT } from '../exit.ts';
import type { TrainOptions } from '../open-run.ts';
import { labelFoldersOption, quietOption, seedOption, threadsOption, wholeNumber } from '../options.ts';
import { note, writeData } from '../output.ts';
import { shellQuoted, stopOnSignals } from '../signals.ts';

export function register(program: Command): void {
  program
    .command('train')
    .description('train a recipe on a data set; the run folder gets the model, its figures and its history')
    .option('--data <path>', 'folder or zip archive with one subfolder per label')
    .option('--recipe <name|file>', 'seed, default, demo, or a file (.json, .js, .ts)')
    .option('--split <csv>', 'parts of the cells (without: by patient, 80/10/10, kept in the run folder)')
    .option('--out <run>', 'the run folder to make')
    .addOption(seedOption())
    .addOption(new Option('--epochs <n>', "in place of the recipe's").argParser(wholeNumber(1)))
    .addOption(threadsOption())
    .option('--fast', 'relaxed SIMD: faster, but the last bits depend on the processor')
    .addOption(
      new Option(
        '--max-minutes <n>',
        'stop training when they are used up, with the results so far, which take their time beyond',
      ).argParser(minutes),
    )
    .addOption(labelFoldersOption())
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(
      new Option('--label-set <set>', 'labels to train on')
        .choices(['published', 'relabelled', 'dropped'])
        .default('published'),
    )
    .option(
      '--review <csv>',
      'name,label,review: which labels are disputed; for --label-set, and figures under these labels, too',
    )
    .addOption(
      new Option(
        '--resume <run>',
        'go on with a run that was interrupted; --data, --patients, --review only if they were moved',
      ).conflicts(['recipe', 'split', 'out', 'seed', 'epochs', 'fast', 'labelFolders', 'labelSet']),
    )
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Ctrl-C stops after the current step, saved; a second one stops at once. The exit status is then 130.

Examples:
  $ giemsa train --data cell_images --recipe default --out runs/first
  $ giemsa train --data cell_images --recipe seed --split split.csv --seed 2 --out runs/seed-2
  $ giemsa train --resume runs/first`,
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const { openEarlierRun, openNewRun } = await import('../open-run.ts');
  const run = options.resume ? await openEarlierRun(options.resume, options) : await openNewRun(options);
  if (!run) {
    note(`${options.resume} is finished already: there is nothing to resume.`);
    return;
  }
  try {
    await runToEnd(run.training, options.quiet ?? false);
  } finally {
    await run.close();
  }
}

async function runToEnd(training: TrainingOptions, quiet: boolean): Promise<void> {
  const { runTraining } = await import('../../training/train.ts');
  const { runPaths } = await import('../../training/run-folder.ts');
  const { isDiskFull } = await import('../../training/saver.ts');
  const { trainingProgress } = await import('../progress.ts');
  const progress = trainingProgress(quiet);
  const stop = stopOnSignals('Stopping after this step.', () => progress.end());
  try {
    const result = await runTraining({ ...training, onEvent: progress.onEvent, signal: stop.signal });
    progress.end();
    await report(result, training.out, quiet);
    if (result.status === 'interrupted') process.exitCode = stop.exitStatus();
  } catch (error) {
    progress.end();
    // A new run that could not even be begun has nothing to go on with.
    if (isDiskFull(error) && existsSync(runPaths(training.out).run)) {
      note(`Free some space, then go on with: ${resumeCommand(training.out)}`);
    }
    throw error;
  } finally {
    stop.close();
  }
}

async function report(result: TrainingResult, out: string, quiet: boolean): Promise<void> {
  const { status, metrics, leftOut } = result;
  if (leftOut > 0) process.exitCode = EXIT.someUnreadable;
  if (status !== 'finished') note(`${stoppedText(result)}. Go on with: ${resumeCommand(out)}`);
  if (!metrics) return;
  const { evaluationText } = await import('../evaluation-text.ts');
  await writeData(evaluationText(metrics));
  if (!quiet) note(`The model and everything about it are in ${out}.`);
}

function stoppedText({ status, at, saved }: TrainingResult): string {
  const why = status === 'out of time' ? 'The time is used up: stopped' : 'Stopped';
  if (!at) return `${why} while reading images`;
  const place = at.step === 0 ? `after epoch ${at.epoch - 1}` : `in epoch ${at.epoch} after step ${at.step}`;
  const where = `${why} ${place}`;
  if (!saved) return `${where}, but nothing could be saved: training will start again`;
  if (saved.epoch === at.epoch && saved.step === at.step) return `${where}, saved`;
  return `${where}, but saved only up to epoch ${saved.epoch}, step ${saved.step}`;
}

function resumeCommand(out: string): string {
  return `giemsa train --resume ${shellQuoted(out)}`;
}

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new InvalidArgumentError('Expected a number of minutes above 0.');
}
