import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Cell } from '../dataset/cell.ts';
import { underReview } from '../dataset/label-sets.ts';
import type { Engine } from '../engine/engine.ts';
import type { Evaluation, UnderReview } from '../evaluation/evaluate.ts';
import { resolve } from '../network/graph.ts';
import { initialWeights } from '../network/initial-weights.ts';
import { createLearner } from '../network/learner.ts';
import { createPredictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { earlierCheckpoint } from './earlier-checkpoint.ts';
import type { TrainingEvent } from './events.ts';
import { l2Penalty, partFigures } from './figures.ts';
import { findParts } from './find-parts.ts';
import { trainLoop, weightsToValidate } from './loop.ts';
import type { TrainingOptions, TrainingResult } from './options.ts';
import type { RunParts } from './parts.ts';
import type { PixelPool } from './pixels.ts';
import { resultBatches } from './result-batches.ts';
import { writeResults } from './results.ts';
import { type RunRecord, removeResults, runPaths, writeJson } from './run-folder.ts';
import { createSaver } from './saver.ts';
import { fromCheckpoint, type LoopState, startOfTraining } from './state.ts';
import { reportSteps } from './step-events.ts';

export interface Session {
  readonly options: TrainingOptions;
  readonly recipe: Recipe;
  readonly record: RunRecord;
  readonly engine: Engine;
  readonly pixels: PixelPool;
  /** In the order of the split. */
  readonly cells: readonly Cell[];
}

const CHECKPOINT_SECONDS = 60;

/** From the first image read to the last file written, with engine and threads at hand. */
export async function trainSession(session: Session): Promise<TrainingResult> {
  const { options, recipe, engine, pixels } = session;
  const paths = runPaths(options.out);
  const emit = options.onEvent ?? (() => {});
  const deadline = performance.now() + 60_000 * (options.maxMinutes ?? Number.POSITIVE_INFINITY);
  const stopReason = () => {
    if (options.signal?.aborted) return 'interrupted';
    return performance.now() > deadline ? 'out of time' : undefined;
  };

  const unreadable = await readImages(session, emit);
  if (options.signal?.aborted) {
    const nowhere = { at: undefined, saved: undefined, metrics: undefined };
    return { status: 'interrupted', ...nowhere, leftOut: unreadable.length };
  }
  const parts = findParts(session, unreadable);
  let record = { ...session.record, leftOut: unreadable };

  const graph = resolve(recipe.network);
  const weights = initialWeights(graph, options.seed, engine.math);
  const settings = { ...recipe.training, seed: options.seed };
  const learner = await createLearner(engine, recipe.network, weights, settings);
  const predictor = createPredictor(engine, recipe.network, weights, recipe.training.batch);
  const digest = settingsDigest(record, parts);
  const checkpoint = options.resume
    ? await earlierCheckpoint(options.out, paths, digest, (message) => emit({ type: 'note', message }))
    : undefined;
  const state = checkpoint ? fromCheckpoint(checkpoint, learner) : startOfTraining(parts.train.length);
  const saver = await createSaver({
    paths,
    learner,
    settings: digest,
    last: checkpoint,
    everySeconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
    onDiskFull: (message) => emit({ type: 'note', message }),
  });

  // Until here, a run that is resumed stays as it was.
  await writeJson(paths.run, record);
  await removeResults(paths);
  let status = await trainLoop(
    {
      recipe,
      seed: options.seed,
      learner,
      predictor,
      pixels,
      ...parts,
      resultBatches: resultBatches(recipe, parts),
      figures: (probabilities, targets, penalty) =>
        partFigures(probabilities, targets, penalty, engine.math.log),
      penalty: (current) => l2Penalty(graph.nodes, current),
      onStep: reportSteps(recipe, options.seed, parts, emit),
      async afterBatch(now) {
        // Lets signals and the messages of other threads in.
        await setImmediate();
        const stop = stopReason();
        if (stop || saver.due()) await saver.save(now);
        return stop;
      },
      async afterEpoch(now, row) {
        emit({ type: 'epoch', row, kept: now.best?.epoch === row.epoch });
        await saver.save(now);
      },
    },
    state,
  );

  let metrics: Evaluation | undefined;
  let results: number | undefined;
  if (status !== 'interrupted') {
    const since = performance.now();
    try {
      metrics = await writeResults({
        paths,
        record,
        recipe,
        engine,
        seed: options.seed,
        math: engine.math,
        cells: session.cells,
        rows: options.split,
        ...underReviewOf(options),
        parts,
        weights: state.best?.weights ?? weightsToValidate(recipe, learner),
        predictor,
        pixels,
        onNote: (message) => emit({ type: 'note', message }),
        onProgress(of, done, total) {
          options.signal?.throwIfAborted();
          emit({ type: 'results', of, done, total });
        },
      });
      results = (performance.now() - since) / 1000;
    } catch (error) {
      // Resumed from its last epoch, the run has only the results left to be made.
      if (error !== options.signal?.reason) throw error;
      status = 'interrupted';
    }
  }
  record = {
    ...record,
    status,
    kept: keptEpoch(recipe, state),
    times: {
      ...record.times,
      finished: status === 'finished' ? new Date().toISOString() : null,
      seconds: rounded(state.seconds),
      waitedForPixels: rounded(pixels.waited()),
      ...(results === undefined ? {} : { results: rounded(results) }),
    },
  };
  await writeJson(paths.run, record);
  const at = { epoch: state.epoch, step: state.step };
  return { status, at, saved: saver.saved(), leftOut: unreadable.length, metrics };
}

/** To a millisecond: a file of seconds need not tell more. */
function rounded(seconds: number): number {
  return Math.round(1000 * seconds) / 1000;
}

/** Decodes every image once, so that none fails in the middle of an epoch. @returns those that cannot be read */
async function readImages({ options, cells, pixels }: Session, emit: (event: TrainingEvent) => void) {
  const unreadable = await pixels.readAll(
    (done) => emit({ type: 'reading', done, total: cells.length }),
    options.signal,
  );
  const leftOut = [...unreadable].map(([number, reason]) => ({ path: cells[number].path, reason }));
  for (const { path, reason } of leftOut) emit({ type: 'note', message: `left out ${path}: ${reason}` });
  return leftOut;
}

function underReviewOf({ dataset, review }: TrainingOptions): { underReview?: UnderReview } {
  return review ? { underReview: (predictions) => underReview(dataset.cells, predictions, review) } : {};
}

/** A digest of all that must be the same for a checkpoint to be gone on with. */
function settingsDigest(record: RunRecord, { train, val, targets, sampleWeights }: RunParts): string {
  const { recipe, seed, fast, data, split } = record;
  const settings = [recipe, seed, fast, data.fingerprint, split.fingerprint];
  const digest = createHash('sha256').update(JSON.stringify(settings));
  for (const numbers of [train, val, targets, ...(sampleWeights ? [sampleWeights] : [])])
    digest.update(`;${numbers.join()}`);
  return digest.digest('hex');
}

function keptEpoch(recipe: Recipe, { best, epoch, step, history }: LoopState): RunRecord['kept'] {
  const { keep } = recipe.training;
  if (keep !== 'last' && best) return { epoch: best.epoch, metric: keep.metric, value: best.value };
  // In the middle of an epoch the weights are those of its steps so far.
  if (history.length === 0 || step > 0) return null;
  return { epoch: epoch - 1, metric: null, value: null };
}
