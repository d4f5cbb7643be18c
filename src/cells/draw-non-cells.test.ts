import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cellMask } from './cell-mask.ts';
import { drawCells } from './draw.ts';
import { drawNonCells } from './draw-non-cells.ts';
import type { CellImage } from './image.ts';

const all = drawNonCells(1);
const byName = new Map(all.map(({ name, image }) => [name, image]));
const image = (name: string): CellImage => byName.get(name) as CellImage;

/** Pixels that are not black. */
const area = (of: CellImage) => cellMask(of).area;
const redCells = drawCells({ count: 40, seed: 3 }).map(({ image }) => image);
const redArea = redCells.map(area).sort((a, b) => a - b)[20];

/** Share of the cell whose green is below this share of the cell's lightest. */
function darkShare(of: CellImage, share: number): number {
  const { inside } = cellMask(of);
  const greens = [...inside.keys()].filter((i) => inside[i] === 1).map((i) => of.data[3 * i + 1]);
  const top = greens.sort((a, b) => b - a)[Math.floor(greens.length / 20)];
  return greens.filter((green) => green < share * top).length / greens.length;
}

/** Mean difference of neighbouring pixels of a row, green, both in the cell. */
function roughness(of: CellImage): number {
  const { inside } = cellMask(of);
  let sum = 0;
  let pairs = 0;
  for (let i = 1; i < inside.length; i++) {
    if (i % of.width === 0 || inside[i] === 0 || inside[i - 1] === 0) continue;
    sum += Math.abs(of.data[3 * i + 1] - of.data[3 * i - 2]);
    pairs++;
  }
  return sum / pairs;
}

describe('drawNonCells', () => {
  it('draws the same bytes on every machine', () => {
    const digest = createHash('sha256');
    for (const { name, image } of all) {
      digest.update(`${name} ${image.width}x${image.height}\n`).update(image.data);
    }
    expect(digest.digest('hex')).toBe('fa86658450ddc8a6c9fc69cb9f1db881d9157e28647e1ad45c3c2368a1568b45');
  });

  it('has the same names for every seed, each once, and other images', () => {
    const others = drawNonCells(2);
    expect(others.map(({ name }) => name)).toEqual(all.map(({ name }) => name));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const same = others.filter(({ image: { data } }, i) => Buffer.compare(data, all[i].image.data) === 0);
    expect(same.map(({ name }) => name)).toEqual(['black', 'white']);
  });

  it('gives whole images of at least one pixel', () => {
    for (const { name, image } of all) {
      expect(image.width * image.height, name).toBeGreaterThan(0);
      expect(image.data.length, name).toBe(3 * image.width * image.height);
    }
  });

  it('has plain images that are, and noise that fills all levels', () => {
    expect(new Set(image('black').data)).toEqual(new Set([0]));
    expect(new Set(image('white').data)).toEqual(new Set([255]));
    expect(new Set(image('grey').data).size).toBe(1);
    expect(new Set(image('noise').data).size).toBe(256);
    const { data } = image('noise, grey');
    expect(data.every((level, i) => level === data[i - (i % 3)])).toBe(true);
  });

  it('has discs and squares of one colour on black', () => {
    for (const { name, image } of all.filter(({ name }) => /^(disc|square)/.test(name))) {
      const colours = new Set<string>();
      for (let i = 0; i < image.data.length; i += 3) colours.add(image.data.subarray(i, i + 3).join());
      expect([colours.size, colours.has('0,0,0')], name).toEqual([2, true]);
      const { box } = cellMask(image);
      const filled = area(image) / ((box.right - box.left) * (box.bottom - box.top));
      expect(filled, name).toBeCloseTo(name.startsWith('disc') ? Math.PI / 4 : 1, 1);
    }
  });

  it('has images of one to eight pixels a side', () => {
    const tiny = all.filter(({ name }) => name.startsWith('tiny')).map(({ image }) => image);
    expect(tiny.map(({ width, height }) => Math.max(width, height))).toEqual([1, 2, 3, 5, 8, 8]);
  });

  it('has text in two colours, as much paper as letters allow', () => {
    const { data } = image('text, black on white');
    const white = data.filter((level) => level === 255).length / data.length;
    expect(new Set(data)).toEqual(new Set([0, 255]));
    expect(white).toBeGreaterThan(0.5);
    expect(white).toBeLessThan(0.9);
  });

  it('has landscapes lighter above than below', () => {
    for (const { name, image } of all.filter(({ name }) => name.startsWith('landscape'))) {
      const mean = (data: Uint8Array) => data.reduce((sum, level) => sum + level, 0) / data.length;
      const third = Math.floor(image.data.length / 3);
      expect(mean(image.data.subarray(0, third)), name).toBeGreaterThan(
        1.1 * mean(image.data.subarray(-third)),
      );
    }
  });

  it('has white cells larger than red ones, with a dark nucleus, and platelets far smaller', () => {
    for (const kind of ['lobed', 'round', 'kidney-shaped']) {
      const white = image(`white cell, ${kind} nucleus`);
      expect(area(white), kind).toBeGreaterThan(1.15 * redArea);
      expect(darkShare(white, 0.5), kind).toBeGreaterThan(0.12);
    }
    expect(area(image('platelet'))).toBeLessThan(0.25 * redArea);
    for (const cell of redCells) expect(darkShare(cell, 0.5)).toBeLessThan(0.12);
  });

  it('has two cells as large as two, and half cells with one straight edge', () => {
    const pair = image('two cells, side by side');
    expect(pair.width).toBeGreaterThan(1.5 * pair.height);
    expect(area(pair)).toBeGreaterThan(1.5 * redArea);
    const half = image('cell cut in half');
    const column = Array.from({ length: half.height }, (_, y) => half.data[3 * ((y + 1) * half.width - 1)]);
    expect(column.filter((level) => level > 0).length).toBeGreaterThan(0.8 * half.height);
  });

  it('has blurred cells that are smooth', () => {
    expect(roughness(image('cell blurred'))).toBeLessThan(0.5 * Math.min(...redCells.map(roughness)));
  });

  it('has cells of other stains', () => {
    const hue = (name: string) => cellMask(image(name)).colour;
    const [blue, green, grey] = ['cell stained blue', 'cell stained green', 'cell without colour'].map(hue);
    expect(blue[2]).toBeGreaterThan(1.3 * blue[0]);
    expect(green[1]).toBeGreaterThan(Math.max(green[0], green[2]));
    expect(Math.max(...grey) - Math.min(...grey)).toBeLessThanOrEqual(1);
  });
});
