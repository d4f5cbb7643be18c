import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../engine/plan.ts';
import { NetworkError } from './errors.ts';
import { type Graph, resolve } from './graph.ts';
import { sizeOf } from './layers/definition.ts';
import { allocateLearner } from './learner-memory.ts';
import type { LearnerOptions } from './learner-options.ts';
import type { Network, Weights } from './network.ts';
import { optimiserKernel } from './optimiser.ts';
import { allocateParameters } from './parameter-memory.ts';
import { compileStep } from './training-plan.ts';

export interface StepResult {
  /** Mean over the images of weight times binary cross-entropy, plus the L2 penalty; before the step. */
  readonly loss: number;
  /** Of parasitized, one an image, in training mode (batch statistics, dropout). A copy. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/**
 * Trains a network: one call a step. Fill the views, then `step`, and await it before the next; views are valid until
 * the next `step`.
 */
export interface Learner {
  /** [n, height, width, channels], to be written before a step. */
  images(n: number): Float32Array<ArrayBuffer>;
  /** 1 parasitized, 0 uninfected. */
  targets(n: number): Float32Array<ArrayBuffer>;
  /** 1 unless written. */
  sampleWeights(n: number): Float32Array<ArrayBuffer>;
  /** @param settings.step counts from 1 over the whole training */
  step(n: number, settings: { readonly learningRate: number; readonly step: number }): Promise<StepResult>;
  /** Copies. */
  weights(which: 'current' | 'average'): Weights;
  /** Copies of everything a step changes. */
  state(): Map<string, Float32Array<ArrayBuffer>>;
  /** @throws NetworkError where the state is not that of such a learner */
  restore(state: ReadonlyMap<string, Float32Array>): void;
}

/**
 * What trains a network: forward, loss, gradients and the optimiser's step on one batch after another.
 * @throws NetworkError where the network is wrong, does not end in one logit, or the weights do not fit it
 */
export async function createLearner(
  engine: Engine,
  network: Network,
  weights: Weights,
  options: LearnerOptions,
): Promise<Learner> {
  const graph = resolveClassifier(network);
  const optimiser = optimiserKernel(options.optimiser);
  const parameters = allocateParameters(engine, graph);
  parameters.load(weights);
  const memory = allocateLearner(engine, graph, parameters, optimiser, options);
  const plans = new Map<number, Plan>();
  const planFor = (n: number): Plan => {
    const plan = plans.get(n) ?? compileStep(engine, graph, parameters, optimiser, memory, options, n);
    plans.set(n, plan);
    return plan;
  };
  // The largest first, so that the arena is allocated once.
  planFor(options.batch);

  const check = (n: number) => checkBatch(n, options.batch);
  return {
    images: (n) => engine.f32(memory.images, check(n) * sizeOf(graph.inputs[0].shape)),
    targets: (n) => engine.f32(memory.targets, check(n)),
    sampleWeights: (n) => engine.f32(memory.sampleWeights, check(n)),
    async step(n, { learningRate, step }) {
      const plan = planFor(check(n));
      doubles(engine, memory.step, 5).set(optimiser.stepBlock(learningRate, step));
      await engine.run(plan);
      return {
        loss: doubles(engine, memory.loss, 1)[0],
        probabilities: engine.f32(memory.probabilities, n).slice(),
      };
    },
    weights(which) {
      if (which === 'current') return parameters.copy();
      if (memory.average) return parameters.copy(memory.average);
      throw new NetworkError('no-average', "This learner keeps no average; give it the option 'average'.");
    },
    state: () =>
      new Map(
        [...memory.state].map(([name, block]) => [name, engine.f32(block.address, block.length).slice()]),
      ),
    restore(state) {
      for (const [name, { address, length }] of memory.state) {
        const values = state.get(name);
        if (values?.length !== length || state.size !== memory.state.size) {
          throw new NetworkError(
            'wrong-state',
            `The saved state does not fit this training: ${name} should have ${length} values; ` +
              `it has ${values?.length ?? 'none'}.`,
          );
        }
        engine.f32(address, length).set(values);
      }
    },
  };
}

/** A network that gives one logit an image. */
export function resolveClassifier(network: Network): Graph {
  const graph = resolve(network);
  const last = graph.nodes[graph.nodes.length - 1];
  if (last.shape.length === 1 && last.shape[0] === 1) return graph;
  throw new NetworkError(
    'no-logit',
    `The last layer, ${last.name} (${last.type}), must give one logit, shape [1]; it gives [${last.shape.join(', ')}].`,
  );
}

/** @throws NetworkError where n is not an integer from 1 to `most` */
export function checkBatch(n: number, most: number): number {
  if (Number.isInteger(n) && n >= 1 && n <= most) return n;
  throw new NetworkError('invalid-batch', `A batch must have 1 to ${most} images; it has ${n}.`);
}

function doubles(engine: Engine, address: number, length: number): Float64Array {
  return new Float64Array(engine.memory.buffer, address, length);
}
