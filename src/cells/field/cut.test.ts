import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellMask } from '../cell-mask.ts';
import { drawImage } from '../draw-canvas.ts';
import { resample } from '../resample.ts';
import { cutCell } from './cut.ts';
import type { CellRegion } from './regions.ts';

/** A region of all pixels of a box. */
function boxRegion(left: number, top: number, width: number, height: number): CellRegion {
  const box = { left, top, right: left + width, bottom: top + height };
  return { box, inside: new Uint8Array(width * height).fill(1), area: width * height };
}

describe('cutCell', () => {
  const field = drawImage(20, 10, (x, y) => [10 * x, 20 * y, 77]);

  it('cuts at scale 1 the very pixels of the field, black elsewhere', () => {
    const region = { ...boxRegion(3, 2, 4, 3), inside: Uint8Array.of(0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0) };
    const { width, height, data } = cutCell(field, region, 1);
    expect([width, height]).toEqual([4, 3]);
    for (let y = 0; y < 3; y++) {
      for (let x = 0; x < 4; x++) {
        const expected = region.inside[4 * y + x] ? [10 * (3 + x), 20 * (2 + y), 77] : [0, 0, 0];
        expect([...data.subarray(3 * (4 * y + x), 3 * (4 * y + x) + 3)]).toEqual(expected);
      }
    }
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the scale %d', (scale) => {
    expect(() => cutCell(field, boxRegion(3, 2, 4, 3), scale)).toThrow('a number above 0');
  });

  it('lets no black into the cell, whatever the scale', () => {
    const plain = drawImage(20, 20, () => [200, 100, 50]);
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 4, noNaN: true }), (scale) => {
        const { width, height, data } = cutCell(plain, boxRegion(6, 5, 8, 9), scale);
        expect(width).toBeGreaterThan(8 * scale - 2);
        expect(width).toBeLessThan(8 * scale + 2);
        expect(Math.abs(height - 9 * scale)).toBeLessThan(2);
        const colours = new Set<string>();
        for (let i = 0; i < data.length; i += 3) colours.add(data.subarray(i, i + 3).join());
        colours.delete('0,0,0');
        expect([...colours]).toEqual(['200,100,50']);
        const middle = 3 * ((height >> 1) * width + (width >> 1));
        expect(data[middle]).toBe(200);
      }),
    );
  });

  it('keeps the shape: areas grow by the square of the scale', () => {
    const radius = 15;
    const inside = Uint8Array.from({ length: 31 * 31 }, (_, i) =>
      ((i % 31) - 15) ** 2 + (Math.floor(i / 31) - 15) ** 2 <= radius ** 2 ? 1 : 0,
    );
    const area = inside.reduce((sum, value) => sum + value, 0);
    const region = { box: { left: 2, top: 2, right: 33, bottom: 33 }, inside, area };
    const light = drawImage(36, 36, () => [240, 240, 240]);
    for (const scale of [0.5, 1.7, 3.3]) {
      const cell = cellMask(cutCell(light, region, scale));
      const cut = cell.inside.reduce((sum, value) => sum + value, 0);
      expect(Math.abs(cut / (area * scale * scale) - 1)).toBeLessThan(0.04);
    }
  });

  it('keeps one pixel of a cell smaller than that', () => {
    expect(cutCell(field, boxRegion(5, 5, 2, 2), 0.1)).toMatchObject({ width: 1, height: 1 });
  });
});

describe('resample', () => {
  it('doubles by linear interpolation: quarters and three quarters', () => {
    const row = { width: 3, height: 1, channels: 1, data: [40, 80, 20] };
    const { width, data } = resample({ ...row, height: 3, data: [40, 80, 20, 40, 80, 20, 40, 80, 20] }, 2);
    expect(width).toBe(6);
    // The third of six rows lies within the image; at both ends a quarter of the weight falls outside.
    expect([...data.subarray(12, 18)]).toEqual([30, 50, 70, 65, 35, 15]);
  });
});
