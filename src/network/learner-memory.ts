import type { Engine } from '../engine/engine.ts';
import type { Graph } from './graph.ts';
import { sizeOf } from './layers/definition.ts';
import type { LearnerOptions } from './learner-options.ts';
import type { OptimiserKernel } from './optimiser.ts';
import type { ParameterMemory } from './parameter-memory.ts';

/** Addresses of what outlives a step. */
export interface LearnerMemory {
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

export function allocateLearner(
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
