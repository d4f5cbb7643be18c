import type { Engine } from '../../engine/engine.ts';
import type { Plan } from '../../engine/plan.ts';
import { bindPlan, placeBuffers, type SymbolicCall } from './place.ts';

const arenas = new WeakMap<Engine, { readonly address: number; readonly bytes: number }>();

/**
 * Places the buffers of `calls` in the engine's arena and returns the plan. All plans of an engine share one arena, as
 * only one runs at a time and nothing in it outlives a run; it is replaced by a larger one where it is too small.
 */
export function placeInArena(engine: Engine, calls: readonly SymbolicCall[]): Plan {
  const placement = placeBuffers(calls);
  let arena = arenas.get(engine);
  if (!arena || arena.bytes < placement.bytes) {
    arena = { address: engine.allocate(placement.bytes), bytes: placement.bytes };
    arenas.set(engine, arena);
  }
  return bindPlan(calls, placement, arena.address);
}
