import { type SplitRow, splitCsv, splitFingerprint, writeSplit } from '../dataset/split.ts';
import { createEngine } from '../engine/engine.ts';
import { validateRecipe } from '../recipes/index.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { findParts } from './find-parts.ts';
import { checkedOptions, type TrainingOptions, type TrainingResult } from './options.ts';
import { cellsOfSplit, patientsFromSplit, protocolOf, withPatients } from './parts.ts';
import { defaultCacheBytes } from './pixel-cache.ts';
import { createPixelPool } from './pixels.ts';
import {
  checkSameRun,
  createRunFolder,
  type RunRecord,
  readRun,
  removeUnfinished,
  runPaths,
  writeJson,
} from './run-folder.ts';
import { withRunLock } from './run-lock.ts';
import { type Session, trainSession } from './session.ts';
import { packageVersion, versionsOfRun, versionWarning } from './version.ts';

/**
 * One training: reads the images, trains from the beginning or from the checkpoint, and writes the run's folder.
 * With one version of giemsa, the model's bytes depend on recipe, seed, data, split and the labels trained on, and on nothing else;
 * with `fast`, on the processor, too. A run resumed with another version goes on with a warning, recorded in run.json.
 * @throws GiemsaError `bad-seed`, `run-exists`, `run-in-use`, `split-mismatch`, `one-label`, `resume-mismatch`, `cannot-write`, ...;
 *   EngineError `bad-threads`, `out-of-memory`, ...
 */
export async function runTraining(given: TrainingOptions): Promise<TrainingResult> {
  const split = withPatients(given.dataset.cells, given.split);
  // Which patients are healthy, and so keep their labels, is asked of the cells.
  const dataset = { ...given.dataset, cells: patientsFromSplit(given.dataset.cells, split) };
  const options = checkedOptions({ ...given, dataset, split });
  const { training } = options.recipe;
  const recipe = validateRecipe({
    ...options.recipe,
    training: { ...training, epochs: options.epochs ?? training.epochs },
  });
  const cells = cellsOfSplit(dataset.cells, split);
  // What can be told before an image is read leaves no folder behind.
  findParts({ options, recipe, cells }, []);
  const record = await startRecord(options, recipe);
  return withRunLock(options.out, async () => {
    await openRunFolder(options, record);
    return trainWithThreads({ options, recipe, record, cells });
  });
}

/** Makes the run's folder, or checks that it is of the same run. */
async function openRunFolder(
  { out, resume, split, onEvent }: TrainingOptions,
  record: RunRecord,
): Promise<void> {
  if (resume) {
    checkSameRun(out, await readRun(out), record);
    const message = versionWarning(record);
    if (message) onEvent?.({ type: 'note', message });
    await removeUnfinished(out);
  } else {
    await createRunFolder(out, splitCsv(split));
    await writeSplit(runPaths(out).split, split);
    await writeJson(runPaths(out).run, record);
  }
}

async function trainWithThreads(run: Omit<Session, 'engine' | 'pixels'>): Promise<TrainingResult> {
  const { options, recipe, record, cells } = run;
  const { seed, threads } = options;
  const engine = await createEngine({ threads, relaxed: record.fast });
  // Threads that are not ended keep the process alive, whatever fails.
  try {
    const pixels = createPixelPool({
      recipe,
      cells,
      batch: recipe.training.batch,
      seed,
      threads: Math.min(threads, MOST_PIXEL_THREADS),
      cacheBytes: options.cacheBytes ?? defaultCacheBytes(),
    });
    try {
      return await trainSession({ ...run, engine, pixels });
    } finally {
      await pixels.close();
    }
  } finally {
    await engine.close();
  }
}

/** Enough to decode and augment ahead of any number of engine threads. */
const MOST_PIXEL_THREADS = 4;

async function startRecord(options: TrainingOptions, recipe: Recipe): Promise<RunRecord> {
  const { dataset, split, seed, threads, out } = options;
  const count = (part: SplitRow['part']) => split.filter((row) => row.part === part).length;
  const earlier = options.resume ? await readRun(out) : undefined;
  return {
    ...versionsOfRun(earlier, await packageVersion()),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    recipe,
    seed,
    threads,
    fast: options.fast ?? false,
    data: { ...options.data, fingerprint: dataset.fingerprint },
    split: {
      fingerprint: splitFingerprint(split),
      protocol: protocolOf(split),
      cells: { train: count('train'), val: count('val'), test: count('test') },
    },
    leftOut: [],
    status: 'training',
    kept: null,
    times: {
      started: earlier?.times.started ?? new Date().toISOString(),
      finished: null,
      seconds: earlier?.times.seconds ?? 0,
      waitedForPixels: 0,
    },
  };
}
