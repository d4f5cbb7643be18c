import { GiemsaError, inFile } from '../cells/errors.ts';
import { type Dataset, type DatasetOptions, openDataset } from '../dataset/dataset.ts';
import { type LabelSet, readReview } from '../dataset/label-sets.ts';
import { readSplit, type SplitRow } from '../dataset/split.ts';
import { splitByPatient } from '../dataset/split-by-patient.ts';
import { loadRecipe } from '../training/load-recipe.ts';
import type { TrainingOptions } from '../training/options.ts';
import { cellsOfSplit, patientsInTwoParts, withPatients } from '../training/parts.ts';
import { type DataRecord, type RunRecord, readRun, runPaths } from '../training/run-folder.ts';
import { EXIT } from './exit.ts';
import { note } from './output.ts';

/** The options of `giemsa train`, as commander gives them. */
export interface TrainOptions {
  readonly data?: string;
  readonly recipe?: string;
  readonly split?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly threads: number;
  readonly fast?: boolean;
  readonly maxMinutes?: number;
  readonly labelFolders?: [string, string];
  readonly patients?: string[];
  readonly labelSet: LabelSet;
  readonly review?: string;
  readonly quiet?: boolean;
}

export interface OpenedRun {
  readonly training: TrainingOptions;
  close(): Promise<void>;
}

/** A new run, with everything it needs opened. */
export async function openNewRun(options: TrainOptions): Promise<OpenedRun> {
  const { seed, threads, epochs, maxMinutes, fast } = options;
  const path = required(options.data, '--data');
  const out = required(options.out, '--out');
  const recipe = await loadRecipe(required(options.recipe, '--recipe'));
  const data = dataRecord(path, options);
  const dataset = await openData(data, options.quiet);
  try {
    const split = options.split
      ? await readSplitOf(dataset, options.split)
      : splitByPatient(dataset.cells, { seed });
    warnOfLeak(split);
    return {
      training: {
        recipe,
        dataset,
        data,
        ...(await reviewOf(data, dataset.cells)),
        split,
        out,
        seed,
        threads,
        fast: fast ?? false,
        ...(epochs ? { epochs } : {}),
        ...(maxMinutes ? { maxMinutes } : {}),
      },
      close: dataset.close,
    };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

/** The run of a folder, with its data opened again; undefined where it is finished. */
export async function openEarlierRun(folder: string, options: TrainOptions): Promise<OpenedRun | undefined> {
  const run: RunRecord = await readRun(folder);
  if (run.status === 'finished') return undefined;
  const { fingerprint: _fingerprint, ...given } = run.data;
  const data = { ...given, ...movedFiles(given, options) };
  const split = await readSplit(runPaths(folder).split);
  const dataset = await openData(data, options.quiet);
  return {
    training: {
      recipe: run.recipe,
      dataset,
      data,
      ...(await reviewOf(data, dataset.cells)),
      split,
      out: folder,
      resume: true,
      seed: run.seed,
      threads: options.threads,
      fast: run.fast,
      ...(options.maxMinutes ? { maxMinutes: options.maxMinutes } : {}),
    },
    close: dataset.close,
  };
}

/** The paths that are given again. @throws GiemsaError `wrong-usage` for one that the run was started without */
function movedFiles(
  given: Omit<DataRecord, 'fingerprint'>,
  { data: path, patients, review }: TrainOptions,
): Partial<Pick<DataRecord, 'path' | 'patients' | 'review'>> {
  for (const [name, value] of Object.entries({ patients, review })) {
    if (value === undefined || name in given) continue;
    throw new GiemsaError('wrong-usage', `the run was started without --${name}: resume it without, too`);
  }
  return { ...(path ? { path } : {}), ...(patients ? { patients } : {}), ...(review ? { review } : {}) };
}

/** A split file that is one of this data set. @throws GiemsaError `bad-csv`, `split-mismatch`; each names the file */
export async function readSplitOf(dataset: Dataset, path: string): Promise<SplitRow[]> {
  const rows = await readSplit(path);
  return inFile(path, () => {
    const split = withPatients(dataset.cells, rows);
    cellsOfSplit(dataset.cells, split);
    return split;
  });
}

/** How the data are opened, for run.json. */
export function dataRecord(
  path: string,
  {
    labelFolders,
    patients,
    labelSet,
    review,
  }: Pick<TrainOptions, 'labelFolders' | 'patients' | 'labelSet' | 'review'>,
): Omit<DataRecord, 'fingerprint'> {
  return {
    path,
    labelSet,
    ...(labelFolders ? { labelFolders } : {}),
    ...(patients ? { patients } : {}),
    ...(review ? { review } : {}),
  };
}

export async function openData(data: Omit<DataRecord, 'fingerprint'>, quiet = false): Promise<Dataset> {
  const { labelFolders, patients } = data;
  const options: DatasetOptions = {
    ...(labelFolders ? { labelFolders } : {}),
    ...(patients ? { patients } : {}),
  };
  const dataset = await openDataset(data.path, options);
  for (const { path, message } of dataset.problems) note(`${path}: ${message}`);
  if (dataset.problems.length > 0) process.exitCode = EXIT.someUnreadable;
  if (!quiet) for (const text of dataset.notes) note(text);
  return dataset;
}

export async function reviewOf(
  { labelSet, review }: Pick<DataRecord, 'labelSet' | 'review'>,
  cells: Dataset['cells'],
) {
  if (review === undefined) {
    if (labelSet === 'published') return {};
    throw new GiemsaError(
      'wrong-usage',
      `--label-set ${labelSet} needs --review, a CSV of name,label,review that says which labels are disputed`,
    );
  }
  return { review: await readReview(review, cells) };
}

function warnOfLeak(split: readonly SplitRow[]): void {
  const leaking = patientsInTwoParts(split).length;
  if (leaking === 0) return;
  note(
    `Warning: ${leaking} patients have cells in more than one part. A cell's patient alone tells much of its label, so figures on this split are too good.`,
  );
}

function required(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw new GiemsaError('wrong-usage', `train needs ${option}, or --resume RUN to go on with a run`);
}
