import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nihPatient, nihSlide } from '../dataset/nih-names.ts';
import { drawCells } from './draw.ts';
import { bodyAt, chromatin } from './draw-bodies.ts';
import { hash, noise } from './draw-random.ts';

describe('drawCells', () => {
  const cells = drawCells({ count: 100, seed: 5 });

  it('draws the same bytes on every machine', () => {
    const digest = createHash('sha256');
    for (const { name, label, image } of cells.slice(0, 24)) {
      digest.update(`${name} ${label} ${image.width}x${image.height}\n`).update(image.data);
    }
    expect(digest.digest('hex')).toBe('65bcdfc84ee26474e69a1e4c0aeb55bdad1291b9178cf8cd7371c8da818d4a0f');
  });

  it('labels half of the cells, of three patients in four, parasitized', () => {
    const infected = cells.filter((cell) => cell.patient.startsWith('P'));
    const healthy = cells.filter((cell) => cell.patient.startsWith('C'));
    expect(infected.length + healthy.length).toBe(100);
    expect(healthy.every((cell) => cell.label === 'uninfected')).toBe(true);
    expect(Math.abs(cells.filter((cell) => cell.label === 'parasitized').length - 50)).toBeLessThanOrEqual(5);
    expect(new Set(cells.map((cell) => cell.patient)).size).toBe(8);
    expect(new Set(cells.map((cell) => cell.name)).size).toBe(100);
  });

  it('leaves black outside the cell, touching every side of the image', () => {
    for (const { image } of cells) {
      const { width, height, data } = image;
      const black = (x: number, y: number) => data[3 * (y * width + x)] + data[3 * (y * width + x) + 1] === 0;
      expect([
        black(0, 0),
        black(width - 1, 0),
        black(0, height - 1),
        black(width - 1, height - 1),
      ]).toContain(true);
      expect(black(width >> 1, height >> 1)).toBe(false);
      const columns = Array.from({ length: width }, (_, x) => x);
      const rows = Array.from({ length: height }, (_, y) => y);
      expect(columns.every((x) => black(x, 0)) || rows.every((y) => black(0, y))).toBe(false);
    }
  });

  it('has the sizes of the NIH set: a median of 130 pixels, 5 to 95 % from 103 to 166', () => {
    const widths = drawCells({ count: 200, seed: 2 })
      .map(({ image }) => image.width)
      .sort((a, b) => a - b);
    const [low, median, high] = [10, 100, 190].map((i) => widths[i]);
    expect(Math.abs(low - 103)).toBeLessThan(10);
    expect(Math.abs(median - 130)).toBeLessThan(6);
    expect(Math.abs(high - 166)).toBeLessThan(10);
  });

  it('gives infected patients uninfected cells, too', () => {
    for (const patient of new Set(cells.map((cell) => cell.patient))) {
      const labels = new Set(cells.filter((cell) => cell.patient === patient).map(({ label }) => label));
      expect(labels.has('uninfected')).toBe(true);
      expect(labels.has('parasitized')).toBe(patient.startsWith('P'));
    }
  });

  it('names cells so that their patients are read from the names', () => {
    for (const { name, patient } of cells) expect(nihPatient(nihSlide(name) ?? '')).toBe(patient);
  });

  it('gives other cells for another seed', () => {
    expect(drawCells({ count: 1, seed: 6 })[0].image.data).not.toEqual(cells[0].image.data);
  });
});

describe('its noise', () => {
  it('lies in its range, and hash is even', () => {
    const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(integer, integer, integer, (seed, x, y) => {
        const value = hash(seed, x, y);
        expect(value >= 0 && value < 1).toBe(true);
        expect(Math.abs(noise(seed, x % 1000, y % 1000, 7))).toBeLessThanOrEqual(1);
      }),
    );
    const mean =
      Array.from({ length: 20_000 }, (_, i) => hash(1, i, -i)).reduce((sum, v) => sum + v, 0) / 20_000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  });

  it('is densest where a body is', () => {
    const dot = {
      x: 3,
      y: 4,
      along: 5,
      across: 5,
      direction: [1, 0],
      ring: 0,
      uneven: 0,
      soft: 0.4,
      density: 1,
      stain: chromatin,
    } as const;
    expect([bodyAt(dot, 3, 4), bodyAt(dot, 8, 4), bodyAt(dot, 30, 4)]).toEqual([1, 0.5, 0]);
  });
});
