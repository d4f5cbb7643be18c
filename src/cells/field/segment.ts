import type { CellImage } from '../image.ts';
import { distanceInside } from './distance.ts';
import { fillHoles } from './holes.ts';
import { otsuThreshold } from './otsu.ts';
import type { CellRegion } from './regions.ts';
import type { CellSeed } from './seeds.ts';
import { watershed } from './watershed.ts';

/** A hole is the pallor of a cell where its middle lies within this share of the radius from the cell's seed. */
const PALLOR_REACH = 0.5;
/** Smaller holes, as a share of a cell's area, are specks of light; the gap between three touching discs is .05 of one. */
const SPECK = 0.03;
/** A seed may lie this many radii from the middle of its cell; twice that from the next cell's. */
const SEED_REACH = 0.5;

/**
 * Cells of a field of view, one for each seed: the stained pixels (green at or below Otsu's threshold of the field), pallor
 * filled, parted from touching neighbours by a watershed on the distance from the background. Regions do not overlap.
 *
 * @param field RGB, cells darker than what lies between them
 * @returns in the order of the seeds; undefined where there is nothing stained, or the cell went to another seed
 */
export function segmentCells(field: CellImage, seeds: readonly CellSeed[]): (CellRegion | undefined)[] {
  const { width, height } = field;
  const stained = stainedPixels(field);
  fillHoles(stained, width, (area, x, y) => isPallor(area, x, y, seeds));
  const depth = distanceInside(stained, width);
  const markers = seeds.map((seed) => ({ at: deepestNear(depth, width, height, seed), box: seed.box }));
  return regionsOf(watershed(depth, width, markers), width, seeds.length);
}

function stainedPixels({ data }: CellImage): Uint8Array {
  const histogram = new Uint32Array(256);
  for (let i = 1; i < data.length; i += 3) histogram[data[i]]++;
  const threshold = otsuThreshold(histogram);
  const stained = new Uint8Array(data.length / 3);
  for (let i = 0; i < stained.length; i++) stained[i] = data[3 * i + 1] <= threshold ? 1 : 0;
  return stained;
}

function isPallor(area: number, x: number, y: number, seeds: readonly CellSeed[]): boolean {
  return seeds.some((seed) => {
    const cell = Math.PI * seed.radius ** 2;
    if (area > cell) return false;
    const reach = seed.radius * (area < SPECK * cell ? 1 : PALLOR_REACH);
    return (seed.x - x) ** 2 + (seed.y - y) ** 2 <= reach * reach;
  });
}

/** The pixel near a seed that lies deepest in the stained, the nearest of several. */
function deepestNear(
  depth: Uint16Array,
  width: number,
  height: number,
  { x, y, radius }: CellSeed,
): number | undefined {
  const reach = SEED_REACH * radius;
  let best: number | undefined;
  let bestDistance = 0;
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(height - 1, y + reach); row++) {
    for (let column = Math.max(0, Math.ceil(x - reach)); column <= Math.min(width - 1, x + reach); column++) {
      const i = row * width + column;
      const distance = (column - x) ** 2 + (row - y) ** 2;
      if (depth[i] === 0 || distance > reach * reach) continue;
      const deepest = best === undefined ? 0 : depth[best];
      if (depth[i] < deepest || (depth[i] === deepest && distance >= bestDistance)) continue;
      best = i;
      bestDistance = distance;
    }
  }
  return best;
}

/** The region of each label from 1 to `count`, without holes. */
function regionsOf(labels: Int32Array, width: number, count: number): (CellRegion | undefined)[] {
  const boxes = Array.from({ length: count }, () => ({ left: width, top: Infinity, right: 0, bottom: 0 }));
  labels.forEach((label, i) => {
    if (label === 0) return;
    const box = boxes[label - 1];
    const x = i % width;
    const y = (i - x) / width;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = y + 1;
  });
  return boxes.map((box, k) => {
    if (box.right === 0) return undefined;
    const columns = box.right - box.left;
    const inside = Uint8Array.from({ length: columns * (box.bottom - box.top) }, (_, i) => {
      const x = i % columns;
      return labels[(box.top + (i - x) / columns) * width + box.left + x] === k + 1 ? 1 : 0;
    });
    fillHoles(inside, columns);
    return { box, inside, area: inside.reduce((sum, value) => sum + value, 0) };
  });
}
