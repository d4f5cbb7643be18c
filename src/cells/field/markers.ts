import { PIXEL } from './distance.ts';
import type { Box } from './regions.ts';
import type { CellSeed } from './seeds.ts';

/** Where the flood of one cell starts, and where it ends at the latest. */
export interface Marker {
  /** Number of the pixel; undefined where the cell has none. */
  readonly at: number | undefined;
  readonly box: Box;
}

/** A seed may lie this many radii from the middle of its cell; it is three times that from the next cell's. */
const SEED_REACH = 0.5;
/** What lies this deep in the stained, in radii, is the middle of a cell ... */
const LEAST_DEPTH = 0.5;
/** ... and of another one, if this many radii away from the middles known. */
const APART = 1.2;

/**
 * The middle of every seed's cell: the pixel near the seed that lies deepest in the stained. After them, markers for cells that have
 * no seed, so that nobody's cell floods them.
 *
 * @param depth distance from the background (`distanceInside`), `width` a row
 */
export function cellMarkers(depth: Uint16Array, width: number, seeds: readonly CellSeed[]): Marker[] {
  const height = depth.length / width;
  const markers: Marker[] = seeds.map((seed) => ({ at: deepestNear(depth, width, seed), box: seed.box }));
  const radius = seeds.map((seed) => seed.radius).sort((a, b) => a - b)[seeds.length >> 1] ?? 0;
  const taken = new Uint8Array(depth.length);
  for (const [i, { at }] of markers.entries()) {
    if (at !== undefined) take(taken, width, at, APART * Math.max(radius, seeds[i].radius));
  }
  const everywhere = { left: 0, top: 0, right: width, bottom: height };
  for (const at of deepestFirst(depth, Math.max(1, PIXEL * LEAST_DEPTH * radius))) {
    if (taken[at] === 1) continue;
    markers.push({ at, box: everywhere });
    take(taken, width, at, APART * radius);
  }
  return markers;
}

/** The pixel near a seed that lies deepest in the stained, the nearest of several. */
function deepestNear(depth: Uint16Array, width: number, { x, y, radius }: CellSeed): number | undefined {
  const reach = SEED_REACH * radius;
  let best: number | undefined;
  let bestDistance = 0;
  forDisc(width, depth.length / width, x, y, reach, (i, distance) => {
    const deepest = best === undefined ? 0 : depth[best];
    if (depth[i] === 0 || depth[i] < deepest || (depth[i] === deepest && distance >= bestDistance)) return;
    best = i;
    bestDistance = distance;
  });
  return best;
}

function take(taken: Uint8Array, width: number, at: number, reach: number): void {
  const x = at % width;
  forDisc(width, taken.length / width, x, (at - x) / width, reach, (i) => {
    taken[i] = 1;
  });
}

/** The pixels about a point, with the square of their distance from it. */
function forDisc(
  width: number,
  height: number,
  x: number,
  y: number,
  reach: number,
  visit: (i: number, squaredDistance: number) => void,
): void {
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(height - 1, y + reach); row++) {
    for (let column = Math.max(0, Math.ceil(x - reach)); column <= Math.min(width - 1, x + reach); column++) {
      const squaredDistance = (column - x) ** 2 + (row - y) ** 2;
      if (squaredDistance <= reach * reach) visit(row * width + column, squaredDistance);
    }
  }
}

/** Numbers of the pixels of at least this depth, the deepest first. */
function deepestFirst(depth: Uint16Array, least: number): number[] {
  const byDepth = new Map<number, number[]>();
  for (let i = 0; i < depth.length; i++) {
    if (depth[i] < least) continue;
    const same = byDepth.get(depth[i]);
    if (same) same.push(i);
    else byDepth.set(depth[i], [i]);
  }
  return [...byDepth.keys()].sort((a, b) => b - a).flatMap((key) => byDepth.get(key) ?? []);
}
