import type { Command } from 'commander';
import { GiemsaError } from '../../cells/errors.ts';
import type { LabelSet } from '../../dataset/label-sets.ts';
import type { EvaluatedModel } from '../evaluate-model.ts';
import { EXIT } from '../exit.ts';
import {
  formatOption,
  labelFoldersOption,
  labelSetOption,
  quietOption,
  seedOption,
  threadsOption,
} from '../options.ts';
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
  seed: number;
  byPatient?: boolean;
  format: Exclude<Format, 'jsonl'>;
  quiet?: boolean;
}

/** `giemsa evaluate`: metrics of a model on labelled cells, or of predictions that any tool has made. */
export function register(program: Command): void {
  program
    .command('evaluate')
    .description('metrics of a model on labelled cells, or of a file of predictions')
    .option('--model <file>', "model file (without: the package's own)")
    .option('--data <path>', 'folder or zip archive with one subfolder per label')
    .option('--split <file>', 'CSV of the parts: name,label,patient,part')
    .option('--part <part>', 'part to evaluate (default: test)')
    .option(
      '--predictions <file>',
      'CSV name,label,patient,part,probability (or fold for part), in place of a model',
    )
    .option(
      '--positive <name>',
      'which label of the predictions is parasitized; probabilities are read as its',
    )
    .addOption(labelFoldersOption())
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(labelSetOption())
    .option(
      '--review <file>',
      'CSV name,label,review: figures under the label sets relabelled and dropped, too',
    )
    .option('--by-patient', 'the table of patients in place of the figures of all')
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(formatOption(['table', 'json', 'csv']))
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Thresholds are chosen on the part val, where there is one, and never on the part that is evaluated: the figures of the
part val of the model's own split are those at 0.5. Intervals (95 %) are over patients: cells of one patient are alike.
Figures of patients that a model was trained on are too good, and a warning says so: the package's own was trained on 160
of the 200 of the NIH set.

Examples:
  $ giemsa evaluate --data my-cells
  $ giemsa evaluate --model run/model.onnx --data cell_images --split run/split.csv
  $ giemsa evaluate --predictions run/predictions.csv --part test --format json
  $ giemsa evaluate --predictions theirs.csv --positive Infected --review cells.csv
  $ giemsa evaluate --predictions run/predictions.csv --by-patient --format csv`,
    )
    .action(run);
}

async function run(options: EvaluateOptions): Promise<void> {
  const { evaluation, predictions } =
    options.predictions === undefined ? await ofModel(options) : await ofFile(options.predictions, options);
  if (options.byPatient) {
    const { PATIENT_COLUMNS, patientTable } = await import('../../evaluation/per-patient.ts');
    const rows = patientTable(predictions, evaluation.threshold);
    return writeRows(
      rows.map((row) => ({ ...row })),
      PATIENT_COLUMNS,
      options.format,
    );
  }
  if (options.format === 'json') return writeData(formatJson(evaluation));
  const { EVALUATION_COLUMNS, evaluationRows, evaluationText } = await import('../evaluation-text.ts');
  if (options.format === 'table') return writeData(evaluationText(evaluation));
  return writeRows(evaluationRows(evaluation), EVALUATION_COLUMNS, 'csv');
}

async function ofFile(predictions: string, options: EvaluateOptions): Promise<EvaluatedModel> {
  const idle = (['model', 'data', 'split', 'patients', 'labelFolders'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (idle !== undefined) throw wrongUsage(`--${kebab(idle)} does not go with --predictions`);
  if (options.labelSet !== 'published') {
    throw wrongUsage(
      '--label-set does not go with --predictions: with --review FILE, all label sets are shown',
    );
  }
  const { evaluateFile } = await import('../evaluate-file.ts');
  return evaluateFile({ ...options, predictions });
}

async function ofModel(options: EvaluateOptions): Promise<EvaluatedModel> {
  const { data, positive, part, split, labelSet, review } = options;
  if (data === undefined) {
    throw wrongUsage(
      'give --data PATH, for the package’s own model or that of --model FILE, or give --predictions FILE',
    );
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
  return evaluateModel({ ...options, data, onUnreadable });

  function onUnreadable(path: string, reason: string): void {
    note(`${path}: ${reason}`);
    process.exitCode = EXIT.someUnreadable;
  }
}

function wrongUsage(message: string): GiemsaError {
  return new GiemsaError('wrong-usage', message);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
