import { existsSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import * as v from 'valibot';
import type { Cell } from '../dataset/cell.ts';
import { applyLabelSet, checkReview, underReview } from '../dataset/label-sets.ts';
import { type SplitRow, sha256Lines, splitFingerprint } from '../dataset/split.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import { validateRecipe } from '../recipes/index.ts';
import {
  type CrossValidationRecord,
  crossValidationPaths,
  openCrossValidation,
  writeFolds,
} from './cross-validation-folder.ts';
import {
  type CrossValidationMetrics,
  crossValidationMetrics,
  type FoldPredictions,
  outOfFold,
  readRunPredictions,
} from './cross-validation-metrics.ts';
import { type FoldsInput, foldsToUse, splitsOfFolds } from './cross-validation-splits.ts';
import type { TrainingEvent } from './events.ts';
import { readRunJson } from './json-file.ts';
import { checkedOptions, type TrainingOptions } from './options.ts';
import { protocolOf } from './parts.ts';
import { checkSameRun, readRun, runPaths, writeJson } from './run-folder.ts';
import { withRunLock } from './run-lock.ts';
import { sampleWeights } from './sample-weights.ts';
import { runTraining } from './train.ts';
import { packageVersion, versionsOfRun, versionWarning } from './version.ts';

export interface CrossValidationOptions
  extends Omit<TrainingOptions, 'split' | 'resume' | 'maxMinutes' | 'onEvent'>,
    FoldsInput {
  /** The folder: empty or missing, or that of the same cross-validation, which is then gone on with. */
  readonly out: string;
  /** Where the folds are from, for run.json. */
  readonly foldsFrom: string;
  readonly onEvent?: (event: TrainingEvent | FoldEvent) => void;
}

/** Before a fold is trained, or where it is found to be finished. */
export interface FoldEvent {
  readonly type: 'fold';
  readonly fold: number;
  /** From 1, of how many. */
  readonly number: number;
  readonly of: number;
  readonly finished: boolean;
  readonly cells: Readonly<Record<SplitRow['part'], number>>;
  /** For this fold and those after it, as the folds so far took; undefined before one has been trained. */
  readonly secondsLeft: number | undefined;
}

export interface CrossValidationResult {
  readonly status: 'finished' | 'interrupted';
  /** How many cells were left out, because their image cannot be read. */
  readonly leftOut: number;
  readonly metrics: CrossValidationMetrics | undefined;
}

/**
 * Trains once for each fold, on the patients of the others, and predicts the fold with that model: every cell once, by
 * a model that never saw its patient. Epoch and threshold are chosen on patients taken from the training folds.
 * Each fold is a run in a folder of its own; called again with the same options, finished folds are not trained again.
 *
 * @throws GiemsaError `bad-seed`, `run-exists`, `run-in-use`, `resume-mismatch`, `bad-folds`, `unknown-patient`, `too-few-patients`, `one-label`, ...; EngineError `bad-threads`, ...
 */
export async function runCrossValidation(given: CrossValidationOptions): Promise<CrossValidationResult> {
  const options = checkedOptions(given);
  const { out, dataset } = options;
  const recipe = withEpochs(options);
  const folds = foldsToUse(options);
  if (options.review) checkReview(dataset.cells, options.review);
  const splits = splitsOfFolds({ ...options, recipe }, folds);
  const cells = dataset.cells.filter(({ patient }) => folds.includes(options.folds.get(patient) ?? -1));
  const record = await startRecord({ ...options, recipe }, cells, folds);
  return withRunLock(out, async () => {
    const opened = await openCrossValidation(out, record);
    const message = versionWarning(opened);
    if (message) options.onEvent?.({ type: 'note', message });
    await writeFolds(crossValidationPaths(out).folds, cells, options.folds);
    return trainFolds({ ...options, recipe }, folds, splits, opened);
  });
}

async function trainFolds(
  options: CrossValidationOptions,
  folds: readonly number[],
  splits: readonly SplitRow[][],
  opened: CrossValidationRecord,
): Promise<CrossValidationResult> {
  const paths = crossValidationPaths(options.out);
  let record = opened;
  const runs: FoldPredictions[] = [];
  const leftOut = new Map(record.leftOut.map(({ path, reason }) => [path, reason]));
  const seconds: number[] = [];
  for (const [i, fold] of folds.entries()) {
    const split = splits[i];
    const folder = paths.fold(fold);
    const finished = await isFinished(folder, { ...record, split: { fingerprint: splitFingerprint(split) } });
    const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
    options.onEvent?.({
      type: 'fold',
      fold,
      number: i + 1,
      of: folds.length,
      finished,
      cells: countParts(split),
      secondsLeft: seconds.length > 0 ? mean * (folds.length - i) : undefined,
    });
    if (!finished) {
      const { epochs: _inTheRecipe, folds: _folds, foldsFrom: _from, onlyFolds: _only, ...rest } = options;
      const resume = existsSync(runPaths(folder).run);
      const { status } = await runTraining({ ...rest, split, out: folder, resume });
      if (status !== 'finished') {
        await writeJson(paths.run, { ...record, status: 'interrupted' });
        return { status: 'interrupted', leftOut: leftOut.size, metrics: undefined };
      }
    }
    const run = await readRun(folder);
    seconds.push(run.times.seconds + (run.times.results ?? 0));
    for (const { path, reason } of run.leftOut) leftOut.set(path, reason);
    const predictions = await readRunPredictions(runPaths(folder).predictions, split, run.leftOut);
    const chosen = await readRunJson(runPaths(folder).metrics, chosenSchema);
    runs.push({ fold, protocol: protocolOf(split), chosen, predictions });
    record = { ...record, leftOut: [...leftOut].map(([path, reason]) => ({ path, reason })) };
    await writeJson(paths.run, record);
  }

  const metrics = await writeResults(paths, runs, record, options);
  const times = { ...record.times, finished: new Date().toISOString() };
  await writeJson(paths.run, { ...record, status: 'finished', times });
  return { status: 'finished', leftOut: leftOut.size, metrics };
}

const chosenSchema = v.object({ threshold: v.number(), chosenOn: v.nullable(v.string()) });

function withEpochs({ recipe, epochs }: CrossValidationOptions) {
  const { training } = recipe;
  return validateRecipe({ ...recipe, training: { ...training, epochs: epochs ?? training.epochs } });
}

async function startRecord(
  options: CrossValidationOptions,
  cells: readonly Cell[],
  folds: readonly number[],
): Promise<CrossValidationRecord> {
  const { dataset, data, recipe, seed, threads, review = [], foldsFrom } = options;
  const foldOf = (cell: Cell) => options.folds.get(cell.patient);
  const trained = new Map(
    applyLabelSet(dataset.cells, data.labelSet, review).map(({ path, label }) => [path, label]),
  );
  const weights = sampleWeights(options, cells);
  return {
    ...versionsOfRun(undefined, await packageVersion()),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    recipe,
    seed,
    threads,
    fast: options.fast ?? false,
    data: { ...data, fingerprint: dataset.fingerprint },
    labels: sha256Lines(
      cells.map(({ path, label, name }, i) =>
        [`${label}/${name}`, trained.get(path) ?? '-', ...(weights ? [weights[i]] : [])].join(' '),
      ),
    ),
    split: {
      fingerprint: sha256Lines(cells.map((cell) => `${cell.label}/${cell.name} ${foldOf(cell)}`)),
      protocol: `patient-disjoint, ${folds.length} folds`,
      from: foldsFrom,
      folds: folds.map((fold) => {
        const own = cells.filter((cell) => foldOf(cell) === fold);
        return { fold, patients: new Set(own.map(({ patient }) => patient)).size, cells: own.length };
      }),
    },
    leftOut: [],
    status: 'training',
    times: { started: new Date().toISOString(), finished: null },
  };
}

/** Whether a fold's run has come to its end, with the same settings. */
async function isFinished(folder: string, now: Parameters<typeof checkSameRun>[2]): Promise<boolean> {
  if (!existsSync(runPaths(folder).run)) return false;
  const run = await readRun(folder);
  if (run.status !== 'finished') return false;
  checkSameRun(folder, run, now);
  return true;
}

function countParts(split: readonly SplitRow[]): FoldEvent['cells'] {
  const counts = { train: 0, val: 0, test: 0 };
  for (const { part } of split) counts[part]++;
  return counts;
}

async function writeResults(
  paths: ReturnType<typeof crossValidationPaths>,
  runs: readonly FoldPredictions[],
  { split, recipe }: CrossValidationRecord,
  { dataset, review }: CrossValidationOptions,
): Promise<CrossValidationMetrics> {
  const predictions = outOfFold(runs);
  const abstains = predictions.some(({ reason }) => reason !== undefined);
  const columns = ['name', 'label', 'patient', 'fold', 'probability', ...(abstains ? ['reason'] : [])];
  await writeFileWhole(
    paths.predictions,
    stringify(predictions, { header: true, columns, cast: { number: String } }),
  );
  const metrics = crossValidationMetrics(
    runs,
    { protocol: split.protocol, recipe: recipe.name },
    review && ((own) => underReview(dataset.cells, own, review)),
  );
  await writeJson(paths.metrics, metrics);
  return metrics;
}
