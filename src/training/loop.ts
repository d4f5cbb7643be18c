import type { Learner } from '../network/learner.ts';
import type { Weights } from '../network/network.ts';
import type { Predictor } from '../network/predictor.ts';
import { isBetter } from '../recipes/metric-names.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { learningRate } from '../recipes/schedule.ts';
import { batchAt, epochOrder, stepsPerEpoch } from './batches.ts';
import { diverged } from './diverged.ts';
import type { HistoryRow, PartFigures } from './history.ts';
import { createPace, type Pace } from './pace.ts';
import type { BatchRequest, PixelSource } from './pixels.ts';
import type { LoopState } from './state.ts';

export interface LoopInput {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly learner: Learner;
  readonly predictor: Predictor;
  readonly pixels: PixelSource;
  /** Cells of the two parts, by number, and the target (0 or 1) of every number; sample weights in the loss where not all are 1. */
  readonly train: Uint32Array;
  readonly val: Uint32Array;
  readonly targets: Uint8Array;
  readonly sampleWeights?: Float32Array;
  /** What follows the last epoch, in batches without a gradient. */
  readonly resultBatches: number;
  /** `penalty`: L2 of the weights, which the loss of both parts includes, as Keras has it. */
  readonly figures: (probabilities: Float32Array, targets: Uint8Array, penalty: number) => PartFigures;
  readonly penalty: (weights: Weights) => number;
  /** Asked after every batch: it may save the state, and have the loop stop there by giving a reason. */
  readonly afterBatch: (state: LoopState) => Promise<StopReason | undefined>;
  readonly afterEpoch: (state: LoopState, row: HistoryRow) => Promise<void>;
  readonly onStep: (state: LoopState, pace: Pace) => void;
}

export type StopReason = 'interrupted' | 'out of time';
export type Ended = StopReason | 'finished';

/**
 * Trains from `state` to the end of the recipe, or until asked to stop. Order, augmentation, dropout and learning
 * rate are functions of seed, epoch and step, so going on from a saved state gives the same bits as never stopping.
 */
export async function trainLoop(input: LoopInput, state: LoopState): Promise<Ended> {
  const { recipe, learner, predictor, train, val, targets, sampleWeights } = input;
  const { epochs, batch } = recipe.training;
  const steps = stepsPerEpoch(train.length, batch);
  const valBatches = stepsPerEpoch(val.length, batch);
  const pace = createPace({ epochs, steps, valBatches, resultBatches: input.resultBatches });
  const validated = new Float32Array(val.length);
  let weights: Weights | undefined;
  let since = performance.now();
  const clock = () => {
    const seconds = (performance.now() - since) / 1000;
    since = performance.now();
    state.seconds += seconds;
    state.epochSeconds += seconds;
    return seconds;
  };
  if (hasEnded(recipe, state)) return 'finished';

  for await (const { request, pixels } of input.pixels.batches(requestsFrom(input, state))) {
    const { cells, first } = request;
    const n = cells.length;
    if (request.part === 'train') {
      learner.images(n).set(pixels);
      learner.targets(n).set(valuesAt(targets, cells));
      if (sampleWeights)
        learner.sampleWeights(n).set(Float32Array.from(cells, (cell) => sampleWeights[cell]));
      const step = (state.epoch - 1) * steps + state.step + 1;
      const rate = learningRate(recipe.training.schedule, step, epochs * steps);
      const { loss, probabilities } = await learner.step(n, { learningRate: rate, step });
      if (!Number.isFinite(loss))
        throw diverged(
          `the loss is no longer a number in epoch ${state.epoch}, step ${state.step + 1}, at learning rate ${rate}`,
        );
      state.epochLoss += loss * n;
      state.epochProbabilities.set(probabilities, first);
      state.step++;
      pace.trained(n, clock());
      input.onStep(state, pace);
    } else {
      weights ??= weightsToValidate(recipe, learner);
      if (first === 0) predictor.load(weights);
      predictor.images(n).set(pixels);
      validated.set(await predictor.predict(n), first);
      pace.validated(clock());
    }
    if (request.endsEpoch) {
      const rate = learningRate(recipe.training.schedule, state.epoch * steps, epochs * steps);
      // What the last step of an epoch did, the loss of no step has shown.
      if (validated.some(Number.isNaN))
        throw diverged(
          `the network's output is no longer a number after epoch ${state.epoch}, at learning rate ${rate}`,
        );
      weights ??= weightsToValidate(recipe, learner);
      const order = epochOrder(train.length, input.seed, state.epoch);
      const trainTargets = valuesAt(
        targets,
        order.map((position) => train[position]),
      );
      const row: HistoryRow = {
        epoch: state.epoch,
        learningRate: rate,
        train: {
          ...input.figures(state.epochProbabilities, trainTargets, 0),
          loss: state.epochLoss / train.length,
        },
        val:
          val.length === 0
            ? undefined
            : input.figures(validated, valuesAt(targets, val), input.penalty(weights)),
        seconds: state.epochSeconds,
      };
      endEpoch(recipe, state, row, weights);
      weights = undefined;
      await input.afterEpoch(state, row);
      if (hasEnded(recipe, state)) return 'finished';
    }
    const stop = await input.afterBatch(state);
    if (stop) return stop;
    since = performance.now();
  }
  return 'finished';
}

/** The weights that are validated and kept: the moving average where the recipe has one. */
export function weightsToValidate(recipe: Recipe, learner: Learner): Weights {
  return learner.weights(recipe.training.average ? 'average' : 'current');
}

interface Request extends BatchRequest {
  readonly part: 'train' | 'val';
  /** Position of the first cell: in the epoch's order (train), in the part (val). */
  readonly first: number;
  readonly endsEpoch: boolean;
}

/** All batches from `state` to the last epoch, in order. They are asked for ahead of their use. */
function* requestsFrom({ recipe, seed, train, val }: LoopInput, state: LoopState): Generator<Request> {
  const { epochs, batch } = recipe.training;
  const steps = stepsPerEpoch(train.length, batch);
  const valBatches = stepsPerEpoch(val.length, batch);
  let step = state.step;
  for (let epoch = state.epoch; epoch <= epochs; epoch++) {
    const order = epochOrder(train.length, seed, epoch);
    for (; step < steps; step++) {
      const cells = batchAt(order, batch, step).map((position) => train[position]);
      const endsEpoch = valBatches === 0 && step === steps - 1;
      yield { part: 'train', as: { epoch }, cells, first: step * batch, endsEpoch };
    }
    for (let i = 0; i < valBatches; i++) {
      const cells = batchAt(val, batch, i);
      const endsEpoch = i === valBatches - 1;
      yield { part: 'val', as: 'in inference', cells, first: i * batch, endsEpoch };
    }
    step = 0;
  }
}

/** Keeps or drops the weights, counts towards early stopping, and moves on to the next epoch. */
function endEpoch(recipe: Recipe, state: LoopState, row: HistoryRow, weights: Weights): void {
  const { keep, earlyStopping } = recipe.training;
  state.history.push(row);
  if (keep !== 'last') {
    const value = row.val?.[keep.metric] ?? null;
    if (!state.best || isBetter(keep.metric, value, state.best.value)) {
      state.best = { epoch: row.epoch, value, weights };
    }
  }
  if (earlyStopping) {
    const value = row.val?.[earlyStopping.metric] ?? null;
    const { patience } = state;
    state.patience =
      !patience || isBetter(earlyStopping.metric, value, patience.value)
        ? { value, epochsSince: 0 }
        : { value: patience.value, epochsSince: patience.epochsSince + 1 };
  }
  state.epoch++;
  state.step = 0;
  state.epochLoss = 0;
  state.epochSeconds = 0;
}

function hasEnded(recipe: Recipe, state: LoopState): boolean {
  const { epochs, earlyStopping } = recipe.training;
  const stopEarly = earlyStopping && (state.patience?.epochsSince ?? 0) >= earlyStopping.patience;
  return state.epoch > epochs || stopEarly === true;
}

function valuesAt(values: Uint8Array, positions: Uint32Array): Uint8Array {
  return Uint8Array.from(positions, (position) => values[position]);
}
