import { describe, expect, it } from 'vitest';
import { paste } from './draw-canvas.ts';
import { drawField } from './draw-field.ts';

describe('drawField', () => {
  const { image, cells } = drawField({ columns: 4, rows: 2, seed: 9 });

  it('shows the cells where it says, and light glass elsewhere', () => {
    const truth = new Uint8Array(image.data.length);
    for (const { left, top, image: own } of cells) paste({ ...image, data: truth }, own, left, top);
    let darkest = 255;
    let wrong = 0;
    truth.forEach((level, i) => {
      const isCell = level > 0 || truth[i - (i % 3)] > 0 || truth[i - (i % 3) + 1] > 0;
      if (!isCell) darkest = Math.min(darkest, image.data[i]);
      else if (level !== image.data[i]) wrong++;
    });
    expect(wrong).toBe(0);
    expect(darkest).toBeGreaterThan(228);
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
    const again = (seed: number) => drawField({ columns: 4, rows: 2, seed }).image.data;
    expect(Buffer.compare(again(9), image.data)).toBe(0);
    expect(Buffer.compare(again(10), image.data)).not.toBe(0);
  });
});
