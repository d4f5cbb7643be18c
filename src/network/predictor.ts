import type { Engine } from '../engine/engine.ts';
import type { KernelCall, Plan } from '../engine/plan.ts';
import { operationsOf } from './fusion/index.ts';
import { sizeOf } from './layers/definition.ts';
import { checkBatch, resolveClassifier } from './learner.ts';
import type { Network, Weights } from './network.ts';
import { allocateParameters } from './parameter-memory.ts';
import { placeInArena } from './plan/arena.ts';
import type { Argument, RecordCall } from './plan/context.ts';
import { lower, type Surroundings } from './plan/lower.ts';

/**
 * Images that go through the whole network before the next: their activations (some MB) stay in the third-level cache,
 * those of a whole batch would not. No image's result depends on it.
 */
const GROUP = 4;

/** What a network gives of n images. */
export interface Outputs {
  /** Of parasitized, [n]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** Their log-odds, [n]. */
  readonly logits: Float32Array<ArrayBuffer>;
  /** What the last layer reads, [n, features]. */
  readonly features: Float32Array<ArrayBuffer>;
}

/** Runs a network in inference mode. Fill `images(n)`, then `predict(n)`, and await it before the next. */
export interface Predictor {
  /** [n, height, width, channels], valid until the next `predict`. */
  images(n: number): Float32Array<ArrayBuffer>;
  /** Probabilities of parasitized, one an image. A copy. */
  predict(n: number): Promise<Float32Array<ArrayBuffer>>;
  /** Their log-odds, what the sigmoid gets: these do not round to certainty. A copy. */
  logits(n: number): Promise<Float32Array<ArrayBuffer>>;
  /** Both, and what they were computed from. Copies. */
  outputs(n: number): Promise<Outputs>;
  load(weights: Weights): void;
}

/**
 * Runs a network in inference mode: its results on one batch after another.
 * @param batch images a call, at most
 * @throws NetworkError where the network is wrong, does not end in one logit, or the weights do not fit it
 */
export function createPredictor(
  engine: Engine,
  network: Network,
  weights: Weights,
  batch: number,
): Predictor {
  const graph = resolveClassifier(network);
  const operations = operationsOf(graph, { training: false, fuse: true });
  const parameters = allocateParameters(engine, graph);
  parameters.load(weights);
  const images = engine.allocate(4 * batch * sizeOf(graph.inputs[0].shape));
  const probabilities = engine.allocate(4 * batch);
  const logOdds = engine.allocate(4 * batch);
  // What the last operation reads: the layer itself, unless layers before it are computed with it.
  const { inputs: read, nodes: lastNodes } = operations[operations.length - 1];
  const featureSize = sizeOf(lastNodes[0].inputShapes[0]);
  const features = engine.allocate(4 * batch * featureSize);

  // What depends on the weights alone is computed when they have been loaded, by a plan of its own.
  const preparedAt = new Map<string, number>();
  let preparation: Plan = [];
  let stale = false;
  const prepared: Surroundings['prepared'] = (key, bytes, fill) => {
    const known = preparedAt.get(key);
    if (known !== undefined) return known;
    const address = engine.allocate(bytes);
    preparedAt.set(key, address);
    const calls: KernelCall[] = [];
    const call: RecordCall = (kernel, args, chunks, scratch = 0) => {
      calls.push({ kernel, args: args.map(fixedAddress), chunks, scratch, note: `prepare ${key}` });
    };
    fill(address, call);
    preparation = [...preparation, ...calls];
    stale = true;
    return address;
  };

  const imageSize = sizeOf(graph.inputs[0].shape);
  const group = Math.max(GROUP, 2 * engine.threads);
  const plans = new Map<number, Plan>();
  /** Whole groups are the same for every count. */
  const groups = new Map<string, Plan>();
  const compileGroup = (first: number, n: number): Plan => {
    const lowering = lower(graph, operations, {
      batch: n,
      training: false,
      inputs: [{ name: 'images', bytes: 4 * n * imageSize, address: images + 4 * first * imageSize }],
      surroundings: {
        parameter: parameters.address,
        gradient: notInInference,
        step: 0,
        seed: 0,
        prepared,
      },
    });
    const logits = lowering.forward();
    lowering.record('logit')('copyValues', [logits, logOdds + 4 * first, 0, n, n], 1);
    const size = n * featureSize;
    const target = features + 4 * first * featureSize;
    lowering.record('features')('copyValues', [lowering.output(read[0]), target, 0, size, size], 1);
    lowering.record('probability')('sigmoidForward', [logits, probabilities + 4 * first, n, n], 1);
    return placeInArena(engine, lowering.calls);
  };
  const planOfGroup = (first: number, n: number): Plan => {
    const key = `${first}, ${n}`;
    const plan = groups.get(key) ?? compileGroup(first, n);
    groups.set(key, plan);
    return plan;
  };
  const compile = (n: number): Plan =>
    Array.from({ length: Math.ceil(n / group) }, (_, i) =>
      planOfGroup(i * group, Math.min(group, n - i * group)),
    ).flat();

  async function run(n: number): Promise<void> {
    const plan = plans.get(checkBatch(n, batch)) ?? compile(n);
    plans.set(n, plan);
    if (stale) {
      stale = false;
      await engine.run(preparation);
    }
    await engine.run(plan);
  }
  const copy = (address: number, values: number) => engine.f32(address, values).slice();

  return {
    images: (n) => engine.f32(images, checkBatch(n, batch) * imageSize),
    async predict(n) {
      await run(n);
      return copy(probabilities, n);
    },
    async logits(n) {
      await run(n);
      return copy(logOdds, n);
    },
    async outputs(n) {
      await run(n);
      return {
        probabilities: copy(probabilities, n),
        logits: copy(logOdds, n),
        features: copy(features, n * featureSize),
      };
    },
    load(newWeights) {
      parameters.load(newWeights);
      stale = preparation.length > 0;
    },
  };
}

function fixedAddress(argument: Argument): number {
  if (typeof argument === 'number') return argument;
  throw new Error(`${argument.name} has no address before a plan is placed`);
}

function notInInference(): never {
  throw new Error('an inference plan has no gradients');
}
