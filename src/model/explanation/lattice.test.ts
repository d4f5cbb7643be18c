import { expect, test } from 'vitest';
import { forEachPoint, interpolate, type Lattice, latticeOver, localMaxima } from './lattice.ts';

test('a lattice has its middle point in the middle of the box, and its outermost beyond the edges', () => {
  // 10 by 6 pixels, 4 apart: two steps reach from the middle across, one down.
  const lattice = latticeOver({ left: 2, top: 1, right: 12, bottom: 7 }, 4);
  expect(lattice).toEqual({ columns: 5, rows: 3, step: 4, left: -1, top: 0 });
  const points: number[][] = [];
  forEachPoint(lattice, (index, x, y) => {
    points[index] = [x, y];
  });
  expect(points).toHaveLength(15);
  expect(points[7]).toEqual([7, 4]);
  expect([points[0], points[4], points[14]]).toEqual([
    [-1, 0],
    [15, 0],
    [15, 8],
  ]);
});

test('even a box smaller than a step has three points across and down', () => {
  expect(latticeOver({ left: 0, top: 0, right: 1, bottom: 1 }, 10)).toEqual({
    columns: 3,
    rows: 3,
    step: 10,
    left: -9.5,
    top: -9.5,
  });
});

const square: Lattice = { columns: 3, rows: 3, step: 2, left: 1, top: 1 };

test('between its points a lattice is bilinear, beyond them the nearest of its edge', () => {
  const plane = Float64Array.from({ length: 9 }, (_, i) => (i % 3) + 10 * Math.floor(i / 3));
  expect(interpolate(plane, square, 3, 3)).toBe(11);
  expect(interpolate(plane, square, 2, 4)).toBe(15.5);
  expect(interpolate(plane, square, 5, 5)).toBe(22);
  expect(interpolate(plane, square, -7, 4)).toBe(15);
  expect(interpolate(plane, square, 2, 99)).toBe(20.5);
  // The four corners of a square, 0 but for one: a quarter of it in the middle.
  expect(interpolate(Float64Array.of(0, 0, 0, 0, 8, 0, 0, 0, 0), square, 2, 2)).toBe(2);
});

test('a local maximum is exceeded by none of its eight neighbours; on a plateau all points are', () => {
  const wide = { ...square, columns: 4 };
  expect(localMaxima(Float64Array.of(5, 1, 0, 3, 1, 1, 0, 0, 0, 0, 0, 4), wide)).toEqual([0, 3, 11]);
  // Across a corner is beside: the 4 hides the 3.
  expect(localMaxima(Float64Array.of(1, 2, 2, 3, 1, 2, 4, 2, 1, 1, 2, 2), wide)).toEqual([6]);
  expect(localMaxima(new Float64Array(9), square)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
