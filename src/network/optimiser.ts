import { NetworkError } from './errors.ts';
import { elementwise } from './plan/chunks.ts';
import type { RecordCall } from './plan/context.ts';

/**
 * How weights follow their gradient. `weightDecay` acts on kernels only, not on biases nor on the scale and offset of
 * normalisations: for sgd and PyTorch's adam it is added to the gradient (decay times the weight), for adamw and Keras'
 * adam the weight shrinks by rate times decay (Loshchilov and Hutter 2017, arXiv 1711.05101).
 *
 * The convention of adam says where epsilon stands. 'keras' (default): w -= rate sqrt(1 - beta2^t) / (1 - beta1^t) m /
 * (sqrt(v) + epsilon), epsilon 1e-7; 'pytorch', and adamw: w -= rate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) +
 * epsilon), epsilon 1e-8. Momentum is PyTorch's form: velocity = momentum velocity + g, w -= rate velocity.
 */
export type Optimiser =
  | {
      readonly type: 'sgd';
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly weightDecay?: number;
    }
  | {
      readonly type: 'adam';
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly convention?: 'keras' | 'pytorch';
      readonly weightDecay?: number;
    }
  | {
      readonly type: 'adamw';
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly weightDecay: number;
    };

/** Numbers of a step, in the order of the block of f64 that kernels/optimiser.ts reads. */
export type StepBlock = readonly [
  step: number,
  rate: number,
  rootFactor: number,
  decoupledDecay: number,
  gradientFactor: number,
];

/** An optimiser with its memory: what it keeps between steps, the numbers of a step, and its call. */
export interface OptimiserKernel {
  /** Blocks as large as the trainable parameters that it keeps. */
  readonly state: readonly ('velocity' | 'moment-1' | 'moment-2')[];
  stepBlock(learningRate: number, step: number): StepBlock;
  record(
    call: RecordCall,
    memory: {
      readonly weights: number;
      readonly gradients: number;
      /** Addresses, in the order of `state`. */
      readonly state: readonly number[];
      readonly step: number;
      readonly decayed: number;
      readonly length: number;
    },
  ): void;
}

/** @throws NetworkError naming the field that is out of range */
export function optimiserKernel(optimiser: Optimiser): OptimiserKernel {
  return optimiser.type === 'sgd' ? sgd(optimiser) : adam(optimiser);
}

function sgd(options: Extract<Optimiser, { type: 'sgd' }>): OptimiserKernel {
  const momentum = share(options, 'momentum', 0);
  const decay = atLeastZero(options, 'weightDecay', 0);
  return {
    state: momentum > 0 ? ['velocity'] : [],
    stepBlock: (learningRate, step) => [step, learningRate, 1, 0, 1],
    record(call, { weights, gradients, state: [velocity = 0], step, decayed, length }) {
      const { args, chunks } = elementwise(length);
      const settings = [momentum, options.nesterov ? 1 : 0, decay, decayed];
      call('sgd', [weights, gradients, velocity, step, ...settings, ...args], chunks);
    },
  };
}

function adam(options: Exclude<Optimiser, { type: 'sgd' }>): OptimiserKernel {
  const keras = options.type === 'adam' && options.convention !== 'pytorch';
  const beta1 = share(options, 'beta1', 0.9);
  const beta2 = share(options, 'beta2', 0.999);
  const epsilon = atLeastZero(options, 'epsilon', keras ? 1e-7 : 1e-8);
  const decay = atLeastZero(options, 'weightDecay', 0);
  const coupled = options.type === 'adam' && !keras ? decay : 0;
  return {
    state: ['moment-1', 'moment-2'],
    stepBlock(learningRate, step) {
      const rate = learningRate / (1 - power(beta1, step));
      const root = Math.sqrt(1 - power(beta2, step));
      const decoupled = coupled > 0 ? 0 : learningRate * decay;
      return keras ? [step, rate * root, 1, decoupled, 1] : [step, rate, 1 / root, decoupled, 1];
    },
    record(call, { weights, gradients, state, step, decayed, length }) {
      const { args, chunks } = elementwise(length);
      const settings = [beta1, beta2, epsilon, coupled, decayed];
      call('adam', [weights, gradients, ...state, step, ...settings, ...args], chunks);
    },
  };
}

/** By repeated squaring: only multiplications, so that every engine gets the same bits, which Math.pow does not promise. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

function share(optimiser: object, field: string, otherwise: number): number {
  const value = atLeastZero(optimiser, field, otherwise);
  if (value < 1) return value;
  throw new NetworkError('invalid-optimiser', `The optimiser's '${field}' must be below 1; it is ${value}.`);
}

function atLeastZero(optimiser: object, field: string, otherwise: number): number {
  const value: unknown = Object.entries(optimiser).find(([name]) => name === field)?.[1] ?? otherwise;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  throw new NetworkError(
    'invalid-optimiser',
    `The optimiser's '${field}' must be a number of at least 0; it is ${String(value)}.`,
  );
}
