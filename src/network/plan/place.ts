import type { Plan } from '../../engine/plan.ts';
import type { Argument, PlanBuffer } from './context.ts';

/** A kernel call whose buffers have no addresses yet. */
export interface SymbolicCall {
  readonly kernel: string;
  readonly args: readonly Argument[];
  readonly chunks: number;
  readonly scratch: number;
  readonly note: string;
}

/** Where each buffer lies, in bytes from the start of the arena, and how large the arena must be. */
export interface Placement {
  readonly bytes: number;
  readonly offsets: ReadonlyMap<PlanBuffer, number>;
}

interface Lifetime {
  readonly buffer: PlanBuffer;
  readonly first: number;
  last: number;
}

/** Buffers start on a line of the cache, so that no two threads' chunks share one by accident of placing. */
const ALIGNMENT = 64;

/**
 * Places every buffer so that those alive at the same call do not overlap. A buffer lives from the first call that
 * touches it to the last. Greedy by size: the largest first, each at the lowest place that is free while it lives
 * (Pisarchyk and Lee 2020, arXiv 2001.03288).
 */
export function placeBuffers(calls: readonly SymbolicCall[]): Placement {
  const lives = lifetimes(calls).sort(
    (a, b) => b.buffer.bytes - a.buffer.bytes || a.first - b.first || a.last - b.last,
  );
  const placed: { life: Lifetime; start: number; end: number }[] = [];
  const offsets = new Map<PlanBuffer, number>();
  let bytes = 0;
  for (const life of lives) {
    const size = Math.ceil(life.buffer.bytes / ALIGNMENT) * ALIGNMENT;
    let start = 0;
    for (const other of placed) {
      const together = other.life.first <= life.last && life.first <= other.life.last;
      if (!together) continue;
      if (other.start >= start + size) break;
      start = Math.max(start, other.end);
    }
    offsets.set(life.buffer, start);
    bytes = Math.max(bytes, start + size);
    const index = placed.findIndex((other) => other.start > start);
    placed.splice(index < 0 ? placed.length : index, 0, { life, start, end: start + size });
  }
  return { bytes, offsets };
}

/** The plan with the arena at `arena`. */
export function bindPlan(calls: readonly SymbolicCall[], { offsets }: Placement, arena: number): Plan {
  const address = (argument: Argument): number => {
    if (typeof argument === 'number') return argument;
    return argument.address ?? arena + (offsets.get(argument) ?? 0);
  };
  return calls.map((call) => ({ ...call, args: call.args.map(address) }));
}

function lifetimes(calls: readonly SymbolicCall[]): Lifetime[] {
  const lives = new Map<PlanBuffer, Lifetime>();
  calls.forEach(({ args }, index) => {
    for (const buffer of args) {
      if (typeof buffer === 'number' || buffer.address !== undefined) continue;
      const life = lives.get(buffer);
      if (life) life.last = index;
      else lives.set(buffer, { buffer, first: index, last: index });
    }
  });
  return [...lives.values()];
}
