import type { CellMask } from '../../cells/cell-mask.ts';

/**
 * Points over a cell, `step` pixels apart, symmetric about the middle of its box, so that a mirrored cell has the mirrored
 * points. The outermost lie on the edge of the box or beyond.
 */
export interface Lattice {
  /** Points in a row and in a column, at least three. */
  readonly columns: number;
  readonly rows: number;
  /** Distance of neighbours, in pixels. */
  readonly step: number;
  /** Of the first point, in pixels from the image's corner. */
  readonly left: number;
  readonly top: number;
}

export function latticeOver({ left, top, right, bottom }: CellMask['box'], step: number): Lattice {
  const [halfColumns, halfRows] = [right - left, bottom - top].map((length) => Math.ceil(length / 2 / step));
  return {
    columns: 2 * halfColumns + 1,
    rows: 2 * halfRows + 1,
    step,
    left: (left + right) / 2 - halfColumns * step,
    top: (top + bottom) / 2 - halfRows * step,
  };
}

/** Calls `visit` for each point, in rows from the top, with its index and its place in pixels. */
export function forEachPoint(lattice: Lattice, visit: (index: number, x: number, y: number) => void): void {
  const { columns, rows, step, left, top } = lattice;
  for (let index = 0; index < columns * rows; index++) {
    visit(index, left + (index % columns) * step, top + Math.floor(index / columns) * step);
  }
}

/** Bilinear, between the four points around a place; beyond the lattice, the nearest of its edge. */
export function interpolate(values: Float64Array, lattice: Lattice, x: number, y: number): number {
  const { columns, rows, step, left, top } = lattice;
  const u = Math.max(0, Math.min(columns - 1, (x - left) / step));
  const v = Math.max(0, Math.min(rows - 1, (y - top) / step));
  const [i, j] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))];
  const at = j * columns + i;
  const upper = values[at] + (values[at + 1] - values[at]) * (u - i);
  const lower = values[at + columns] + (values[at + columns + 1] - values[at + columns]) * (u - i);
  return upper + (lower - upper) * (v - j);
}

/** Indices of the points that none of their eight neighbours exceeds. */
export function localMaxima(values: Float64Array, { columns, rows }: Lattice): number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const [i, j] = [index % columns, Math.floor(index / columns)];
    let highest = true;
    for (let y = Math.max(0, j - 1); y <= Math.min(rows - 1, j + 1); y++) {
      for (let x = Math.max(0, i - 1); x <= Math.min(columns - 1, i + 1); x++) {
        if (values[y * columns + x] > values[index]) highest = false;
      }
    }
    if (highest) found.push(index);
  }
  return found;
}
