/** A box in an image, in pixels: `right` and `bottom` are the first beyond it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where one cell lies in a field. */
export interface CellRegion {
  /** Smallest box around the cell. */
  readonly box: Box;
  /** 1 where the cell is, one a pixel of the box, row by row. */
  readonly inside: Uint8Array;
  /** Pixels of the cell. */
  readonly area: number;
}

/** Diameter of the circle with this area. */
export function diameterOf(area: number): number {
  return 2 * Math.sqrt(area / Math.PI);
}

/** Whether the cell reaches the edge of its field, so that a part of it may be missing. */
export function touchesEdge({ box }: CellRegion, field: { width: number; height: number }): boolean {
  return box.left <= 0 || box.top <= 0 || box.right >= field.width || box.bottom >= field.height;
}
