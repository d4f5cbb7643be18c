import { describe, expect, it } from 'vitest';
import { drawField } from './draw-field.ts';

describe('drawField', () => {
  const { image, cells } = drawField({ columns: 4, rows: 2, seed: 9 });

  it('shows the cells where it says, and light glass elsewhere', () => {
    const isGlass = new Uint8Array(image.width * image.height).fill(1);
    for (const cell of cells) {
      for (let i = 0; i < cell.image.width * cell.image.height; i++) {
        const own = cell.image.data.subarray(3 * i, 3 * i + 3);
        if (own.every((level) => level === 0)) continue;
        const x = cell.left + (i % cell.image.width);
        const y = cell.top + Math.floor(i / cell.image.width);
        isGlass[y * image.width + x] = 0;
        const at = 3 * (y * image.width + x);
        expect(Buffer.compare(own, image.data.subarray(at, at + 3))).toBe(0);
      }
    }
    isGlass.forEach((glass, i) => {
      if (glass === 1) expect(image.data[3 * i + 1]).toBeGreaterThan(228);
    });
  });

  it('has cells of one patient that neither touch nor reach the edge', () => {
    expect(cells).toHaveLength(8);
    expect(new Set(cells.map(({ patient }) => patient)).size).toBe(1);
    for (const { left, top, image: own } of cells) {
      expect(Math.min(left, top)).toBeGreaterThan(0);
      expect(left + own.width).toBeLessThan(image.width);
      expect(top + own.height).toBeLessThan(image.height);
    }
    cells.forEach((a, i) => {
      for (const b of cells.slice(i + 1)) {
        const apart = (from: number, size: number, other: number) => from + size <= other;
        expect(
          apart(a.left, a.image.width, b.left) ||
            apart(b.left, b.image.width, a.left) ||
            apart(a.top, a.image.height, b.top) ||
            apart(b.top, b.image.height, a.top),
        ).toBe(true);
      }
    });
  });

  it('is the same for the same seed, and another for another', () => {
    expect(drawField({ columns: 4, rows: 2, seed: 9 }).image).toEqual(image);
    expect(drawField({ columns: 4, rows: 2, seed: 10 }).image).not.toEqual(image);
  });
});
