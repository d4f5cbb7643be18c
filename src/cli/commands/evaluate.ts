import type { Command } from 'commander';
import { GiemsaError } from '../../cells/errors.ts';
import type { LabelSet } from '../../dataset/label-sets.ts';
import type { Evaluation } from '../../evaluation/evaluate.ts';
import type { Prediction } from '../../evaluation/prediction.ts';
import { EXIT } from '../exit.ts';
import { formatOption, labelFoldersOption, labelSetOption, quietOption, threadsOption } from '../options.ts';
import { type Format, formatJson, note, writeData, writeRows } from '../output.ts';

interface EvaluateOptions {
  model?: string;
  data?: string;
  split?: string;
  part?: string;
  predictions?: string;
  positive?: string;
  labelFolders?: [string, string];
  patients?: string[];
  labelSet: LabelSet;
  review?: string;
  threads: number;
  format: Exclude<Format, 'jsonl'>;
  quiet?: boolean;
}

/** `giemsa evaluate`: metrics of a model on labelled cells, or of predictions that any tool has made. */
export function register(program: Command): void {
  program
    .command('evaluate')
    .description('metrics of a model on labelled cells, or of a file of predictions')
    .option('--model <file>', 'model file to evaluate')
    .option('--data <path>', 'folder or zip archive with one subfolder per label')
    .option('--split <file>', 'CSV of the parts: name,label,patient,part')
    .option('--part <part>', 'part to evaluate (default: test)')
    .option('--predictions <file>', 'CSV name,label,patient,part,probability, in place of a model and data')
    .option('--positive <name>', 'which of the labels in the predictions is parasitized')
    .addOption(labelFoldersOption())
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(labelSetOption())
    .option('--review <file>', 'CSV name,label,review for the label sets relabelled and dropped')
    .addOption(threadsOption())
    .addOption(formatOption(['table', 'json', 'csv']))
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Thresholds are chosen on the part val, where there is one, and never on the part that is evaluated: the figures of the
part val of the model's own split are those at 0.5.

Examples:
  $ giemsa evaluate --model run/model.onnx --data cell_images --split run/split.csv
  $ giemsa evaluate --predictions run/predictions.csv --part test --format json
  $ giemsa evaluate --predictions theirs.csv --positive Infected`,
    )
    .action(run);
}

async function run(options: EvaluateOptions): Promise<void> {
  const evaluation =
    options.predictions === undefined ? await ofModel(options) : await ofFile(options.predictions, options);
  if (options.format === 'json') return writeData(formatJson(evaluation));
  const { EVALUATION_COLUMNS, evaluationRows, evaluationText } = await import('../evaluation-text.ts');
  if (options.format === 'table') return writeData(evaluationText(evaluation));
  return writeRows(evaluationRows(evaluation), EVALUATION_COLUMNS, 'csv');
}

async function ofFile(path: string, options: EvaluateOptions): Promise<Evaluation> {
  const idle = (['model', 'data', 'split', 'review', 'patients', 'labelFolders'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (idle !== undefined) throw wrongUsage(`--${kebab(idle)} does not go with --predictions`);
  if (options.labelSet !== 'published') throw wrongUsage('--label-set does not go with --predictions');
  const { readPredictions } = await import('../predictions-file.ts');
  const { evaluatePart } = await import('../../evaluation/evaluate.ts');
  const predictions = await readPredictions(path, options.positive);
  const part = choosePart(path, predictions, options.part);
  return evaluatePart(predictions, { protocol: 'not stated', recipe: null, labelSet: 'published', part });
}

async function ofModel(options: EvaluateOptions): Promise<Evaluation> {
  const { model, data, positive, part, split, labelSet, review } = options;
  if (model === undefined || data === undefined) {
    throw wrongUsage('give --model FILE and --data PATH, or --predictions FILE');
  }
  if (positive !== undefined) {
    throw wrongUsage(
      '--positive goes with --predictions; for the folders of --data there is --label-folders',
    );
  }
  if (part !== undefined && split === undefined) throw wrongUsage('--part needs --split FILE');
  if (labelSet !== 'published' && review === undefined) {
    throw wrongUsage(`--label-set ${labelSet} needs --review FILE`);
  }
  const { evaluateModel } = await import('../evaluate-model.ts');
  return evaluateModel({ ...options, model, data, onUnreadable });

  function onUnreadable(path: string, reason: string): void {
    note(`${path}: ${reason}`);
    process.exitCode = EXIT.someUnreadable;
  }
}

/** The part asked for, else `test`, else the only one there is. */
function choosePart(path: string, predictions: readonly Prediction[], asked: string | undefined): string {
  const parts = [...new Set(predictions.map(({ part }) => part))];
  const part = asked ?? (parts.length === 1 ? parts[0] : 'test');
  if (parts.includes(part)) return part;
  throw new GiemsaError(
    'empty-part',
    `${path} has no cells in the part ${part}: choose with --part. Its parts: ${parts.slice(0, 5).join(', ')}`,
  );
}

function wrongUsage(message: string): GiemsaError {
  return new GiemsaError('wrong-usage', message);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
