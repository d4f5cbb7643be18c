import { statSync } from 'node:fs';
import { join } from 'node:path';
import { GiemsaError } from '../cells/errors.ts';
import { readReview, underReview } from '../dataset/label-sets.ts';
import { readSplit } from '../dataset/split.ts';
import { readTextFile } from '../dataset/text-file.ts';
import { type Comparison, compare } from '../evaluation/compare.ts';
import { type Evaluation, evaluatePart, type OtherLabelSet } from '../evaluation/evaluate.ts';
import { healthyPatients, type PredictionRow } from '../evaluation/prediction.ts';
import { readRun, runPaths } from '../training/run-folder.ts';
import { choosePart, protocolOfFile } from './evaluate-file.ts';
import { readPredictions } from './predictions-file.ts';

export interface CompareOptions {
  readonly part?: string;
  readonly positive?: string;
  readonly review?: string;
  readonly seed: number;
}

/** One column of the comparison. */
export interface ComparedRun {
  /** As the user gave it. */
  readonly path: string;
  readonly evaluation: Evaluation;
}

/** A run against the first one. */
export interface ComparedPair extends Comparison {
  readonly a: string;
  readonly b: string;
  /** What differs in the protocols, in words; empty where nothing does. */
  readonly cautions: readonly string[];
  /** Differences under the other label sets, where there is a second opinion. */
  readonly labelSets?: Readonly<Record<OtherLabelSet, Comparison['differences']>>;
}

export interface RunsComparison {
  readonly runs: readonly ComparedRun[];
  readonly pairs: readonly ComparedPair[];
}

interface OpenedRun extends ComparedRun {
  readonly predictions: readonly PredictionRow[];
  readonly labelSets?: Readonly<Record<OtherLabelSet, readonly PredictionRow[]>>;
  /** All cells that are known of, also those of other parts: they tell which patients are healthy. */
  readonly cells: readonly Pick<PredictionRow, 'label' | 'patient'>[];
}

/** Evaluates runs or prediction files, and sets each but the first against the first. */
export async function compareRuns(
  paths: readonly string[],
  options: CompareOptions,
): Promise<RunsComparison> {
  const runs: OpenedRun[] = [];
  for (const path of paths) runs.push(await open(path, options));
  const [first, ...others] = runs;
  return {
    runs: runs.map(({ path, evaluation }) => ({ path, evaluation })),
    pairs: others.map((other) => pairOf(first, other, options.seed)),
  };
}

async function open(path: string, options: CompareOptions): Promise<OpenedRun> {
  const { part: asked, positive, review, seed } = options;
  const run = isFolder(path) ? await ofRun(path) : undefined;
  const file = run?.predictions ?? path;
  const predictions = await readPredictions(file, run === undefined ? positive : undefined);
  const part = choosePart(file, predictions, asked ?? run?.part);
  const tested = (rows: readonly PredictionRow[]) => rows.filter((row) => row.part === part);
  const labelSets = review && underReview(predictions, predictions, await readReview(review, predictions));
  const others = labelSets && {
    labelSets: { relabelled: tested(labelSets.relabelled), dropped: tested(labelSets.dropped) },
  };
  const cells = run?.split === undefined ? predictions : await readSplit(run.split);
  const evaluation = evaluatePart(
    predictions,
    {
      protocol: run?.protocol ?? protocolOfFile(predictions),
      recipe: run?.recipe ?? null,
      labelSet: 'published',
      part,
    },
    undefined,
    { seed, healthy: healthyPatients(cells), ...others },
  );
  return { path, evaluation, predictions: tested(predictions), ...others, cells };
}

interface RunFacts {
  /** The file. */
  readonly predictions: string;
  /** The file of all parts, where it was kept. */
  readonly split?: string;
  readonly protocol?: string;
  readonly recipe?: string;
  readonly part?: string;
}

/** What a run's folder says of itself; one of a cross-validation has no run.json of one training. */
async function ofRun(folder: string): Promise<RunFacts> {
  const paths = runPaths(folder);
  if (!isFile(paths.predictions)) {
    throw new GiemsaError(
      'not-a-run',
      `${folder} has no predictions.csv: compare takes folders of finished runs, or prediction files`,
    );
  }
  if (!isFile(join(folder, 'run.json'))) return { predictions: paths.predictions };
  const record = await readRun(folder);
  const part = isFile(paths.metrics) ? await partOf(paths.metrics) : undefined;
  return {
    predictions: paths.predictions,
    protocol: record.split.protocol,
    recipe: record.recipe.name,
    ...(part === undefined ? {} : { part }),
    ...(isFile(paths.split) ? { split: paths.split } : {}),
  };
}

async function partOf(path: string): Promise<string | undefined> {
  try {
    const { part } = JSON.parse(await readTextFile(path)) as { part?: unknown };
    return typeof part === 'string' ? part : undefined;
  } catch (error) {
    throw new GiemsaError('not-a-run', `${path} is not a JSON file of metrics`, { cause: error });
  }
}

function pairOf(first: OpenedRun, other: OpenedRun, seed: number): ComparedPair {
  // Two test parts that barely overlap are compared as they are: what they share is a chance choice of cells.
  const inA = new Set(first.predictions.map(({ label, name }) => `${label}/${name}`));
  const shared = other.predictions.filter(({ label, name }) => inA.has(`${label}/${name}`)).length;
  const onOwnCells = shared < 0.5 * Math.min(first.predictions.length, other.predictions.length);
  const healthy = healthyPatients([...first.cells, ...other.cells]);
  const compared = (a: readonly PredictionRow[], b: readonly PredictionRow[]) =>
    compare(
      { predictions: a, threshold: first.evaluation.threshold },
      { predictions: b, threshold: other.evaluation.threshold },
      { seed, onOwnCells, healthy },
    );
  const comparison = compared(first.predictions, other.predictions);
  const pair = { a: first.path, b: other.path, ...comparison, cautions: cautions(first, other, comparison) };
  const [x, y] = [first.labelSets, other.labelSets];
  if (x === undefined || y === undefined) return pair;
  return {
    ...pair,
    labelSets: {
      relabelled: compared(x.relabelled, y.relabelled).differences,
      dropped: compared(x.dropped, y.dropped).differences,
    },
  };
}

function cautions(first: OpenedRun, other: OpenedRun, comparison: Comparison): string[] {
  const { matched, onlyA, onlyB, paired, unit } = comparison;
  const words: string[] = [];
  if (onlyA + onlyB > 0) {
    words.push(
      `${matched} cells are in both, ${onlyA} only in the first, ${onlyB} only in the second: ` +
        (paired
          ? 'differences are of those in both'
          : 'too few in common, so each is judged on its own cells'),
    );
  }
  for (const field of ['protocol', 'part', 'recipe'] as const) {
    const [x, y] = [first.evaluation[field], other.evaluation[field]];
    if (x !== y) words.push(`${field}: ${x ?? 'not stated'} against ${y ?? 'not stated'}`);
  }
  const [s, t] = [first.evaluation, other.evaluation];
  if ((s.chosenOn === null) !== (t.chosenOn === null)) {
    words.push(
      'only one threshold was chosen on validation: compare ROC AUC, not what depends on the threshold',
    );
  }
  if (unit === 'cell') words.push('patients unknown: intervals over cells are too narrow');
  return words;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
