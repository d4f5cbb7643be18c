import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../engine/plan.ts';
import { NetworkError } from './errors.ts';
import { operationsOf } from './fusion/index.ts';
import { type Graph, resolve } from './graph.ts';
import { sizeOf } from './layers/definition.ts';
import type { Network, Weights } from './network.ts';
import { type Optimiser, type OptimiserKernel, optimiserKernel } from './optimiser.ts';
import { allocateParameters, type ParameterMemory } from './parameter-memory.ts';
import { placeInArena } from './plan/arena.ts';
import { elementwise } from './plan/chunks.ts';
import type { RecordCall } from './plan/context.ts';
import { type Lowering, lower } from './plan/lower.ts';

export interface LearnerOptions {
  /** Images a step, at most. */
  readonly batch: number;
  /** Of the dropout masks. */
  readonly seed: number;
  readonly optimiser: Optimiser;
  /** Greatest global norm of the gradient; a longer one is scaled to it. */
  readonly clip?: number;
  /** Keeps a moving average of weights and running statistics, see `movingAverage` in engine/kernels/optimiser.ts. */
  readonly average?: { readonly decay: number };
  /** Targets become target (1 - s) + s / 2 (Keras). */
  readonly labelSmoothing?: number;
  /** False compiles every layer alone (default true). */
  readonly fuse?: boolean;
}

export interface StepResult {
  /** Mean over the images of weight times binary cross-entropy, plus the L2 penalty; before the step. */
  readonly loss: number;
  /** Of parasitized, one an image, in training mode (batch statistics, dropout). A copy. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/** Trains a network: one call a step. Fill the views, then `step`; views are valid until the next `step`. */
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

interface LearnerMemory {
  readonly images: number;
  readonly targets: number;
  readonly sampleWeights: number;
  readonly probabilities: number;
  readonly loss: number;
  readonly step: number;
  readonly gradients: number;
  readonly optimiserState: readonly number[];
  /** Addresses of the moving averages, where kept. */
  readonly average: { readonly trainable: number; readonly statistics: number } | undefined;
  /** Everything a step changes, by name. */
  readonly state: ReadonlyMap<string, { readonly address: number; readonly length: number }>;
}

function allocateLearner(
  engine: Engine,
  graph: Graph,
  parameters: ParameterMemory,
  optimiser: OptimiserKernel,
  { batch, average }: LearnerOptions,
): LearnerMemory {
  const { trainable, statistics } = parameters.layout;
  const state = new Map([
    ['weights', { address: parameters.trainable, length: trainable }],
    ['statistics', { address: parameters.statistics, length: statistics }],
  ]);
  const block = (name: string, length: number): number => {
    const address = engine.allocate(4 * length);
    state.set(name, { address, length });
    return address;
  };
  const optimiserState = optimiser.state.map((name) => block(name, trainable));
  const averages = average && {
    trainable: block('average', trainable),
    statistics: block('average statistics', statistics),
  };
  const sampleWeights = engine.allocate(4 * batch);
  engine.f32(sampleWeights, batch).fill(1);
  return {
    images: engine.allocate(4 * batch * sizeOf(graph.inputs[0].shape)),
    targets: engine.allocate(4 * batch),
    sampleWeights,
    probabilities: engine.allocate(4 * batch),
    loss: engine.allocate(8),
    step: engine.allocate(5 * 8),
    gradients: engine.allocate(4 * trainable),
    optimiserState,
    average: averages,
    state,
  };
}

/** One step as a plan: forward, loss, backward, penalty, clipping, optimiser, average. */
function compileStep(
  engine: Engine,
  graph: Graph,
  parameters: ParameterMemory,
  optimiser: OptimiserKernel,
  memory: LearnerMemory,
  options: LearnerOptions,
  batch: number,
): Plan {
  const { layout } = parameters;
  const gradientOffset = memory.gradients - parameters.trainable;
  const lowering = lower(graph, operationsOf(graph, { training: true, fuse: options.fuse ?? true }), {
    batch,
    training: true,
    inputs: [{ name: 'images', bytes: 4 * batch * sizeOf(graph.inputs[0].shape), address: memory.images }],
    surroundings: {
      parameter: parameters.address,
      gradient: (layer, name) => parameters.address(layer, name) + gradientOffset,
      step: memory.step,
      seed: options.seed,
      prepared() {
        throw new Error('weights change at every step of training');
      },
    },
  });
  const logits = lowering.forward();
  const logitGradient = { name: 'logit gradient', bytes: 4 * batch };
  lowering.record('loss')(
    'binaryCrossEntropy',
    [
      logits,
      ...[memory.targets, memory.sampleWeights, memory.probabilities],
      logitGradient,
      memory.loss,
      options.labelSmoothing ?? 0,
      batch,
    ],
    1,
  );
  lowering.backward(logitGradient);
  recordPenalties(lowering, parameters, gradientOffset, memory.loss);
  const flat = elementwise(layout.trainable);
  if (options.clip !== undefined) {
    recordClipping(lowering.record('clip'), memory, options.clip, flat);
  }
  optimiser.record(lowering.record('optimiser'), {
    weights: parameters.trainable,
    gradients: memory.gradients,
    state: memory.optimiserState,
    step: memory.step,
    decayed: layout.decayed,
    length: layout.trainable,
  });
  if (options.average && memory.average) {
    const call = lowering.record('average');
    for (const block of ['trainable', 'statistics'] as const) {
      const { args, chunks } = elementwise(layout[block]);
      const places = [parameters[block], memory.average[block], memory.step];
      call('movingAverage', [...places, options.average.decay, ...args], chunks);
    }
  }
  return placeInArena(engine, lowering.calls);
}

function recordPenalties(
  lowering: Lowering,
  parameters: ParameterMemory,
  gradientOffset: number,
  loss: number,
): void {
  const call = lowering.record('penalty');
  for (const [key, { definition, offset, length }] of parameters.layout.entries) {
    if (!definition.trainable || definition.l2 === 0) continue;
    const { args, chunks } = elementwise(length);
    const parts = { name: `${key} penalty`, bytes: 8 * chunks };
    const address = parameters.trainable + 4 * offset;
    call('l2Penalty', [address, address + gradientOffset, parts, definition.l2, ...args], chunks);
    call('addDoubles', [parts, loss, chunks], 1);
  }
}

/** The gradient's factor, in the step block, becomes limit / norm where the norm is above the limit. */
function recordClipping(
  call: RecordCall,
  memory: LearnerMemory,
  limit: number,
  { args, chunks }: { readonly args: readonly number[]; readonly chunks: number },
): void {
  const parts = { name: 'gradient norm', bytes: 8 * chunks };
  call('sumSquares', [memory.gradients, parts, ...args], chunks);
  call('clipScale', [parts, memory.step + 4 * 8, limit, chunks], 1);
}

function doubles(engine: Engine, address: number, length: number): Float64Array {
  return new Float64Array(engine.memory.buffer, address, length);
}
