import { GiemsaError } from '../cells/errors.ts';
import type { Learner } from '../network/learner.ts';
import type { Weights } from '../network/network.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { HistoryRow } from './history.ts';

/** A place in training: the epoch, from 1, and the steps done in it. */
export interface Place {
  readonly epoch: number;
  readonly step: number;
}

/** What the loop changes as it goes, beside what the learner holds. */
export interface LoopState {
  /** From 1; beyond the recipe's last epoch when training has ended. */
  epoch: number;
  /** Steps done in this epoch. */
  step: number;
  history: HistoryRow[];
  /** Seconds trained so far. */
  seconds: number;
  /** Sum over the cells done in this epoch. */
  epochLoss: number;
  epochSeconds: number;
  /** Probabilities of the cells done in this epoch, in its order. */
  readonly epochProbabilities: Float32Array;
  /** The epoch kept so far. */
  best: { readonly epoch: number; readonly value: number | null; readonly weights: Weights } | undefined;
  /** Early stopping: the best value of its metric, and the epochs since. */
  patience: { readonly value: number | null; readonly epochsSince: number } | undefined;
}

export function startOfTraining(trainCells: number): LoopState {
  return {
    epoch: 1,
    step: 0,
    history: [],
    seconds: 0,
    epochLoss: 0,
    epochSeconds: 0,
    epochProbabilities: new Float32Array(trainCells),
    best: undefined,
    patience: undefined,
  };
}

/** @param settings digest of what must not change when the run is resumed */
export function toCheckpoint(state: LoopState, learner: Learner, settings: string): Checkpoint {
  const { epochProbabilities, best, history, ...numbers } = state;
  const arrays = new Map<string, Float32Array>([['epoch/probabilities', epochProbabilities]]);
  for (const [name, data] of learner.state()) arrays.set(`learner/${name}`, data);
  for (const [name, { data }] of best?.weights ?? []) arrays.set(`best/${name}`, data);
  return {
    ...numbers,
    settings,
    history: [...history],
    best: best && { epoch: best.epoch, value: best.value },
    arrays,
  };
}

/**
 * Puts the learner back to where the checkpoint was taken, and returns the loop's part.
 * @throws GiemsaError `checkpoint-damaged` where it lacks what this learner needs
 */
export function fromCheckpoint(checkpoint: Checkpoint, learner: Learner): LoopState {
  const { arrays, settings: _settings, best, history, ...numbers } = checkpoint;
  const array = (name: string) => {
    const data = arrays.get(name);
    if (data) return data;
    throw damaged(`lacks ${name}`);
  };
  try {
    learner.restore(withPrefix(arrays, 'learner/'));
  } catch (error) {
    throw damaged('is of another network or optimiser', error);
  }
  const kept = () =>
    new Map(
      [...learner.weights('current')].map(([name, parameter]) => [
        name,
        { ...parameter, data: array(`best/${name}`) },
      ]),
    );
  return {
    ...numbers,
    history: [...history],
    epochProbabilities: array('epoch/probabilities'),
    best: best && { ...best, weights: kept() },
  };
}

function damaged(what: string, cause?: unknown): GiemsaError {
  return new GiemsaError(
    'checkpoint-damaged',
    `the checkpoint ${what}. Start the run anew in another folder.`,
    { cause },
  );
}

function withPrefix(arrays: ReadonlyMap<string, Float32Array>, prefix: string): Map<string, Float32Array> {
  return new Map(
    [...arrays]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, data]) => [name.slice(prefix.length), data]),
  );
}
