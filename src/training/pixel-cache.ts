import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';
import type { CellImage } from '../cells/image.ts';

/** Decoded pixels of cells in memory that all threads share, up to a limit. */
export interface PixelCache {
  readonly slabs: readonly SharedArrayBuffer[];
  /** Keeps a copy, unless the cache is full. */
  keep(cell: number, image: CellImage): void;
  place(cell: number): CachedPixels | undefined;
}

/** Where they lie. */
export interface CachedPixels {
  readonly slab: number;
  readonly offset: number;
  readonly width: number;
  readonly height: number;
}

const SLAB = 32 * 2 ** 20;

/** 2 GiB, which holds the 27,558 NIH cells (1.4 GB), or a quarter of the memory where that is less. */
export function defaultCacheBytes(): number {
  const memory = Math.min(totalmem(), constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.min(2 * 2 ** 30, memory / 4);
}

export function createPixelCache(limit: number): PixelCache {
  const slabs: SharedArrayBuffer[] = [];
  const places = new Map<number, CachedPixels>();
  let used = SLAB;
  return {
    slabs,
    keep(cell, { width, height, data }) {
      if (data.length > SLAB) return;
      if (used + data.length > SLAB) {
        if ((slabs.length + 1) * SLAB > limit) return;
        slabs.push(new SharedArrayBuffer(SLAB));
        used = 0;
      }
      const slab = slabs.length - 1;
      new Uint8Array(slabs[slab], used, data.length).set(data);
      places.set(cell, { slab, offset: used, width, height });
      used += data.length;
    },
    place: (cell) => places.get(cell),
  };
}
