import { setImmediate } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { PlateletDetector } from '../model/platelet.ts';
import { resolve } from '../network/graph.ts';
import { initialWeights } from '../network/initial-weights.ts';
import { createLearner } from '../network/learner.ts';
import { plateletNetwork } from '../recipes/platelet-network.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { learningRate, type Schedule } from '../recipes/schedule.ts';
import { batchAt, epochOrder } from './batches.ts';
import { withLastLayer } from './last-layer.ts';
import type { OutputsInput } from './outputs.ts';
import type { RunParts } from './parts.ts';
import type { BatchRequest } from './pixels.ts';

export interface PlateletInput extends Pick<OutputsInput, 'recipe' | 'pixels' | 'onProgress'> {
  readonly engine: Engine;
  readonly seed: number;
  readonly parts: RunParts;
}

const EPOCHS = 8;
/** Cells of either kind a step. */
const HALF = 32;
const SCHEDULE: Schedule = { type: 'one-cycle', peak: 4e-3, warmUp: 0.25 };
const SETTINGS = { optimiser: { type: 'adamw', weightDecay: 0.05 }, average: { decay: 0.995 } } as const;

/**
 * Trains a network to tell uninfected training cells with a platelet drawn on them (1) from parasitized ones (0), both augmented as
 * the recipe says, another platelet each time. With as many of each kind, its logit is above 0 where a platelet is the likelier.
 * @returns undefined where it diverges, as with pixels that the recipe scales to far beyond 1
 */
export async function fitPlatelet(input: PlateletInput): Promise<PlateletDetector | undefined> {
  const { recipe, engine, seed, pixels, parts, onProgress } = input;
  const { height, width } = recipe.preprocessing;
  const network = plateletNetwork(recipe.preprocessing);
  const { kinds, half, epochSteps } = workOf(recipe, parts);
  const steps = EPOCHS * epochSteps;

  const weights = initialWeights(resolve(network), seed, engine.math);
  const learner = await createLearner(engine, network, weights, { ...SETTINGS, batch: 2 * half, seed });
  const size = height * width * 3;
  const target = Float32Array.from({ length: 2 * half }, (_, i) => (i < half ? 1 : 0));
  let step = 0;
  onProgress('platelets', 0, 2 * half * steps);
  for await (const { request, pixels: images } of pixels.batches(
    requests(kinds, { half, epochSteps, seed }),
  )) {
    learner.images(2 * half).set(images, request.isUnder ? 0 : half * size);
    if (request.isUnder) continue;
    learner.targets(2 * half).set(target);
    step++;
    const { loss } = await learner.step(2 * half, {
      learningRate: learningRate(SCHEDULE, step, steps),
      step,
    });
    if (!Number.isFinite(loss)) return undefined;
    // Lets signals in.
    await setImmediate();
    onProgress('platelets', 2 * half * step, 2 * half * steps);
  }
  const found = learner.weights('average');
  // What the last step did, no loss has shown.
  const isWhole = [...found.values()].every(({ data }) => data.every(Number.isFinite));
  return isWhole ? { network, weights: found } : undefined;
}

/** How many steps `fitPlatelet` takes, and the cells of each. */
export function plateletSteps(recipe: Recipe, parts: RunParts): { steps: number; cells: number } {
  const { half, epochSteps } = workOf(recipe, parts);
  return { steps: EPOCHS * epochSteps, cells: 2 * half };
}

/** The training cells of either kind, how many of each a step has, and the steps of an epoch, which has all of the rarer kind. */
function workOf({ training }: Recipe, { train, targets }: RunParts) {
  const ofTarget = (target: number) => train.filter((number) => targets[number] === target);
  const kinds = { uninfected: ofTarget(0), parasitized: ofTarget(1) };
  const fewer = Math.min(kinds.uninfected.length, kinds.parasitized.length);
  const half = Math.min(HALF, Math.max(1, Math.floor(training.batch / 2)), fewer);
  return { kinds, half, epochSteps: Math.floor(fewer / half) };
}

/** The detector whose scores are those of this one, less `least`. */
export function shiftedPlatelet({ network, weights }: PlateletDetector, least: number): PlateletDetector {
  return { network, weights: withLastLayer(network, weights, { bias: (value) => value - least }) };
}

interface Request extends BatchRequest {
  readonly isUnder: boolean;
}

/** For each step the cells under a platelet, then the parasitized ones. An epoch is one of the rarer kind; which of the others it has is drawn anew. */
function* requests(
  { uninfected, parasitized }: Readonly<Record<'uninfected' | 'parasitized', Uint32Array>>,
  { half, epochSteps, seed }: Readonly<Record<'half' | 'epochSteps' | 'seed', number>>,
): Generator<Request> {
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const ordered = (numbers: Uint32Array) =>
      epochOrder(numbers.length, seed, epoch).map((place) => numbers[place]);
    const [under, others] = [ordered(uninfected), ordered(parasitized)];
    for (let step = 0; step < epochSteps; step++) {
      yield { cells: batchAt(under, half, step), as: { epoch, isUnderPlatelet: true }, isUnder: true };
      yield { cells: batchAt(others, half, step), as: { epoch }, isUnder: false };
    }
  }
}
