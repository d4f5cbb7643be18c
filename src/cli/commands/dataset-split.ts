import { type Command, InvalidArgumentError, Option } from 'commander';
import { GiemsaError, inFile } from '../../cells/errors.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { Ratio, SplitRow } from '../../dataset/split.ts';
import { EXIT } from '../exit.ts';
import { labelFoldersOption, quietOption, seedOption, wholeNumber } from '../options.ts';
import { formatTable, note, type Row } from '../output.ts';

interface SplitOptions {
  by: 'patient' | 'cell' | 'split-folders';
  ratio?: Ratio;
  folds?: string;
  testFold?: number;
  trainFolds?: number[];
  seed: number;
  out: string;
  withThumbsDb?: boolean;
  patients?: string[];
  labelFolders?: [string, string];
  quiet?: boolean;
}

/** `giemsa dataset split`: every cell into a part. */
export function registerSplit(dataset: Command): void {
  dataset
    .command('split')
    .description('put every cell into a part: train, val or test')
    .argument('<data>', 'folder or zip archive with one subfolder per label')
    .addOption(
      new Option('--by <what>', 'what is drawn')
        .choices(['patient', 'cell', 'split-folders'])
        .default('patient'),
    )
    .addOption(
      new Option('--ratio <train/val/test>', 'shares of the parts (default: 80/10/10)').argParser(parseRatio),
    )
    .option('--folds <file>', 'CSV of patient and fold, in place of drawing the test part')
    .addOption(
      new Option('--test-fold <n>', 'fold whose patients are the test part').argParser(wholeNumber(0)),
    )
    .addOption(
      new Option(
        '--train-folds <a,b,...>',
        'folds to train on, a tenth of their patients to validate on; cells of others are left out (default: all others)',
      ).argParser(parseFolds),
    )
    .addOption(seedOption())
    .requiredOption('--out <file>', 'the CSV to write: name,label,patient,part')
    .option('--with-thumbs-db', 'split-folders: count a Thumbs.db in each folder, for a copy that lost it')
    .option('--patients <file...>', 'CSV of image and patient (without: by NIH file names)')
    .addOption(labelFoldersOption())
    .addOption(quietOption())
    .addHelpText(
      'after',
      `
Examples:
  $ giemsa dataset split cell_images --seed 1 --out split.csv
  $ giemsa dataset split cells.zip --patients patients.csv --ratio 70/15/15 --out split.csv
  $ giemsa dataset split cell_images --folds folds.csv --test-fold 0 --train-folds 1,2,3 --out split.csv
  $ giemsa dataset split cell_images --by split-folders --seed 1337 --with-thumbs-db --out split.csv`,
    )
    .action((path: string, options: SplitOptions) => split(path, options));
}

async function split(path: string, options: SplitOptions): Promise<void> {
  checkUsage(options);
  const { openDataset } = await import('../../dataset/dataset.ts');
  const { splitFingerprint, writeSplit } = await import('../../dataset/split.ts');
  const data = await openDataset(path, {
    ...(options.labelFolders ? { labelFolders: options.labelFolders } : {}),
    ...(options.patients ? { patients: options.patients } : {}),
  });
  try {
    for (const { path: file, message } of data.problems) note(`${file}: ${message}`);
    if (data.problems.length > 0) process.exitCode = EXIT.someUnreadable;
    const { rows, warning } = await draw(data, options);
    await writeSplit(options.out, rows);
    if (warning) note(`Warning: ${warning}`);
    if (options.quiet) return;
    for (const text of data.notes) note(text);
    process.stderr.write(formatTable(await summary(rows), summaryColumns));
    note(`Fingerprint ${splitFingerprint(rows)}, written to ${options.out}.`);
  } finally {
    await data.close();
  }
}

function checkUsage({ by, withThumbsDb, folds, testFold, trainFolds, ratio }: SplitOptions): void {
  const wrong = (message: string) => new GiemsaError('wrong-usage', message);
  if (withThumbsDb && by !== 'split-folders') {
    throw wrong('--with-thumbs-db goes with --by split-folders only');
  }
  if ((folds === undefined) !== (testFold === undefined)) {
    throw wrong('--folds FILE and --test-fold N go together');
  }
  if (folds === undefined && trainFolds) throw wrong('--train-folds needs --folds FILE');
  if (folds === undefined) return;
  if (by !== 'patient') throw wrong('--folds goes with --by patient only');
  if (ratio) throw wrong('--ratio does not go with --folds, which say what is tested');
}

async function draw(data: Dataset, options: SplitOptions): Promise<{ rows: SplitRow[]; warning?: string }> {
  const { by, seed, folds, testFold, ratio = [80, 10, 10] } = options;
  if (folds !== undefined && testFold !== undefined) {
    const { foldsToSplit, readFolds } = await import('../../dataset/folds.ts');
    const foldOf = await readFolds(folds);
    const train = options.trainFolds ?? [...new Set(foldOf.values())].filter((fold) => fold !== testFold);
    return {
      rows: await inFile(folds, () => foldsToSplit(data.cells, foldOf, { test: testFold, train, seed })),
    };
  }
  if (by === 'patient') {
    const { splitByPatient } = await import('../../dataset/split-by-patient.ts');
    return { rows: splitByPatient(data.cells, { seed, ratio }) };
  }
  const { leakWarning, splitByCell } = await import('../../dataset/split-by-cell.ts');
  if (by === 'cell') return { rows: splitByCell(data.cells, { seed, ratio }), warning: leakWarning };
  const { splitFolders } = await import('../../dataset/split-folders.ts');
  const { otherNames } = data;
  const withThumbsDb = options.withThumbsDb ?? false;
  return {
    rows: splitFolders(data.cells, { seed, ratio, otherNames, withThumbsDb }),
    warning: leakWarning,
  };
}

const summaryColumns = ['part', 'cells', 'parasitized', 'uninfected', 'patients', 'sha256'];

async function summary(rows: readonly SplitRow[]): Promise<Row[]> {
  const { partFingerprint, parts } = await import('../../dataset/split.ts');
  return parts.map((part) => {
    const own = rows.filter((row) => row.part === part);
    const parasitized = own.filter((row) => row.label === 'parasitized').length;
    return {
      part,
      cells: own.length,
      parasitized,
      uninfected: own.length - parasitized,
      patients: new Set(own.map((row) => row.patient).filter((patient) => patient !== '')).size,
      sha256: partFingerprint(rows, part),
    };
  });
}

function parseFolds(text: string): number[] {
  return text.split(',').map(wholeNumber(0));
}

function parseRatio(text: string): Ratio {
  const shares = text.split('/').map(Number);
  const [train, val, test] = shares;
  if (
    shares.length === 3 &&
    shares.every((share) => share >= 0 && share < Number.POSITIVE_INFINITY) &&
    train > 0
  ) {
    return [train, val, test];
  }
  throw new InvalidArgumentError('Expected three shares for train, validation and test, as 80/10/10.');
}
