import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../engine/plan.ts';
import { operationsOf } from './fusion/index.ts';
import type { Graph } from './graph.ts';
import { sizeOf } from './layers/definition.ts';
import type { LearnerMemory } from './learner-memory.ts';
import type { LearnerOptions } from './learner-options.ts';
import type { OptimiserKernel } from './optimiser.ts';
import type { ParameterMemory } from './parameter-memory.ts';
import { placeInArena } from './plan/arena.ts';
import { elementwise } from './plan/chunks.ts';
import type { RecordCall } from './plan/context.ts';
import { type Lowering, lower } from './plan/lower.ts';

/** One step as a plan: forward, loss, backward, penalty, clipping, optimiser, average. */
export function compileStep(
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
