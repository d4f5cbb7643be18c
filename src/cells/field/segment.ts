import type { CellImage } from '../image.ts';
import { distanceInside } from './distance.ts';
import { fillHoles } from './holes.ts';
import { cellMarkers } from './markers.ts';
import { openedBody } from './opening.ts';
import { otsuThreshold } from './otsu.ts';
import type { Box, CellRegion } from './regions.ts';
import type { CellSeed } from './seeds.ts';
import { watershed } from './watershed.ts';

/** A hole is the pallor of a cell where its middle lies within this share of the radius from the cell's seed. */
const PALLOR_REACH = 0.7;
/** Smaller holes, as a share of a cell's area, are specks of light; the gap between three touching discs is .05 of one. */
const SPECK = 0.03;
/** What is narrower than two of these, in radii, is no part of a cell's body. */
const OPENING = 0.2;

/**
 * Cells of a field of view, one for each seed: the stained pixels (green at or below Otsu's threshold of the field), pallor
 * filled, parted from touching neighbours by a watershed on the distance from the background, without tails. Regions do not
 * overlap.
 *
 * @param field RGB, cells darker than what lies between them
 * @returns in the order of the seeds; undefined where there is nothing stained, or the cell went to another seed
 */
export function segmentCells(field: CellImage, seeds: readonly CellSeed[]): (CellRegion | undefined)[] {
  const { width } = field;
  const stained = stainedPixels(field);
  fillHoles(stained, width, (area, x, y) => isPallor(area, x, y, seeds));
  const depth = distanceInside(stained, width);
  const labels = watershed(depth, width, cellMarkers(depth, width, seeds));
  return labelBoxes(labels, width, seeds.length).map((box, i) =>
    box === undefined ? undefined : bodyOf(labels, width, i + 1, box, OPENING * seeds[i].radius),
  );
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

/** The smallest box around each label from 1 to `count`; undefined where it is nowhere. */
function labelBoxes(labels: Int32Array, width: number, count: number): (Box | undefined)[] {
  const boxes = Array.from({ length: count }, () => ({
    left: width,
    top: labels.length,
    right: 0,
    bottom: 0,
  }));
  for (let top = 0, i = 0; i < labels.length; top++) {
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0 || labels[i] > count) continue;
      const box = boxes[labels[i] - 1];
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, top);
      box.bottom = top + 1;
    }
  }
  return boxes.map((box) => (box.right > 0 ? box : undefined));
}

/** The region of one label without tails and holes; as it is where it is too small to tell tail from body. */
function bodyOf(labels: Int32Array, width: number, label: number, box: Box, tail: number): CellRegion {
  const columns = box.right - box.left;
  const whole = new Uint8Array(columns * (box.bottom - box.top));
  const foreign: number[] = [];
  for (let i = 0; i < whole.length; i++) {
    const x = i % columns;
    const at = labels[(box.top + (i - x) / columns) * width + box.left + x];
    if (at === label) whole[i] = 1;
    else if (at !== 0) foreign.push(i);
  }
  // Before the opening, which would break a thin ring around a pale middle.
  fillHoles(whole, columns);
  const opened = openedBody(whole, columns, tail);
  const inside = opened.includes(1) ? opened : whole;
  for (const i of foreign) inside[i] = 0;
  return tightened(box, inside);
}

function tightened(box: Box, inside: Uint8Array): CellRegion {
  const columns = box.right - box.left;
  const [tight] = labelBoxes(Int32Array.from(inside), columns, 1);
  if (!tight) return { box, inside, area: 0 };
  const within = new Uint8Array((tight.right - tight.left) * (tight.bottom - tight.top));
  let area = 0;
  for (let y = tight.top, o = 0; y < tight.bottom; y++) {
    for (let x = tight.left; x < tight.right; x++, o++) {
      within[o] = inside[y * columns + x];
      area += within[o];
    }
  }
  return {
    box: {
      left: box.left + tight.left,
      top: box.top + tight.top,
      right: box.left + tight.right,
      bottom: box.top + tight.bottom,
    },
    inside: within,
    area,
  };
}
