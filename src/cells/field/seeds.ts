import type { Box } from './regions.ts';

/** What is known of a cell before it is segmented. Lengths in pixels of the field. */
export interface CellSeed {
  /** A point in the cell, or near it. */
  readonly x: number;
  readonly y: number;
  /** About the cell's radius. */
  readonly radius: number;
  /** The cell ends within. */
  readonly box: Box;
}

/** A box drawn around a cell, by hand or by a detector, may cut off this share of its sides. */
const BOX_MARGIN = 0.04;
/** A cell reaches no farther from a point in it than this many radii. */
const REACH = 1.75;

/** @param box of an annotated cell */
export function seedOfBox(box: Box): CellSeed {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const [marginX, marginY] = [Math.ceil(BOX_MARGIN * width), Math.ceil(BOX_MARGIN * height)];
  return {
    x: (box.left + box.right) / 2,
    y: (box.top + box.bottom) / 2,
    radius: (width + height) / 4,
    box: {
      left: box.left - marginX,
      top: box.top - marginY,
      right: box.right + marginX,
      bottom: box.bottom + marginY,
    },
  };
}

/** @param radius of a usual cell of the field */
export function seedOfPoint(x: number, y: number, radius: number): CellSeed {
  const reach = REACH * radius;
  return {
    x,
    y,
    radius,
    box: {
      left: Math.floor(x - reach),
      top: Math.floor(y - reach),
      right: Math.ceil(x + reach),
      bottom: Math.ceil(y + reach),
    },
  };
}
