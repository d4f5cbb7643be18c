import { describe, expect, test } from 'vitest';
import type { Colour } from '../../cells/colour.ts';
import { drawImage } from '../../cells/draw-canvas.ts';
import type { CellImage } from '../../cells/image.ts';
import { heatMap, type LogOdds } from './heat-map.ts';

const ROSE: Colour = [200, 150, 160];
const within = (x: number, y: number, [cx, cy]: readonly [number, number], radius: number) =>
  (x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < radius ** 2;

/** A round cell 60 pixels across on black, with discs on it, each of a place, a radius and a colour. */
function cellWith(...discs: readonly [readonly [number, number], number, Colour][]): CellImage {
  return drawImage(70, 66, (x, y) => {
    if (!within(x, y, [35, 33], 30)) return [0, 0, 0];
    return discs.find(([at, radius]) => within(x, y, at, radius))?.[2] ?? ROSE;
  });
}

/** A model whose log-odds are known: 1 for each 100 levels of green that are missing in the cell, -1 for each 100 above. */
const darkness: LogOdds = async (images) => {
  const values: number[] = [];
  for (const { data } of images) {
    let missing = 0;
    for (let i = 1; i < data.length; i += 3) if (data[i] > 0) missing += ROSE[1] - data[i];
    values.push(missing / 100);
  }
  return Float32Array.from(values);
};

const DARK: Colour = [140, 50, 150];
const PALE: Colour = [240, 250, 240];

describe('evidence, where the log-odds are known', () => {
  test('is the whole of what the discs hide, and the peak lies on it', async () => {
    const at = [45, 25] as const;
    const image = cellWith([at, 2, DARK]);
    const { evidence, peaks, width, height } = await heatMap(image, darkness);
    expect([width, height, evidence.length]).toEqual([70, 66, 70 * 66]);
    // 12 pixels lie within 2 of a corner, each 100 levels below: 12 in all, and discs of 9.6 and 19.2 pixels hide each wholly.
    const [whole] = await darkness([image]);
    expect(whole).toBe(12);
    expect(peaks[0].evidence).toBeCloseTo(12, 5);
    // Discs are 4.8 pixels apart, so one at least lies within 3.4 of any place.
    expect(Math.hypot(peaks[0].x - at[0], peaks[0].y - at[1])).toBeLessThan(3.4);
    expect(Math.max(...evidence)).toBeLessThanOrEqual(12);
    expect(evidence[25 * 70 + 45]).toBeGreaterThan(9);
    // Beyond the reach of a large disc and a step of its lattice, there is none.
    const far = evidence.filter((_, i) => !within(i % width, Math.floor(i / width), at, 28));
    expect(far.length).toBeGreaterThan(1000);
    expect(Math.max(...far.map(Math.abs))).toBeLessThan(1e-5);
  });

  test('is negative, and no peak, where hiding raises them', async () => {
    const { evidence, peaks } = await heatMap(cellWith([[25, 33], 2, PALE]), darkness);
    expect(evidence[33 * 70 + 25]).toBeLessThan(-9);
    expect(peaks).toEqual([]);
  });

  test('has a peak for each place that has half of the most, the strongest first', async () => {
    const [strong, weak, faint] = [
      [20, 33],
      [50, 33],
      [35, 52],
    ] as const;
    const levels = (green: number): Colour => [140, green, 150];
    const image = cellWith([strong, 2, levels(50)], [weak, 2, levels(80)], [faint, 2, levels(110)]);
    const { peaks } = await heatMap(image, darkness);
    expect(peaks.map(({ evidence }) => Number(evidence.toFixed(1)))).toEqual([12, 8.4]);
    expect(peaks.map(({ x }) => x < 35)).toEqual([true, false]);
  });
});

test('there is no evidence outside the cell, nor in a cell of one colour, nor in a black image', async () => {
  const image = cellWith([[35, 33], 26, DARK]);
  const { evidence } = await heatMap(image, darkness);
  expect(evidence.some((value) => value !== 0)).toBe(true);
  expect(evidence.every((value, i) => value === 0 || image.data[3 * i] > 0)).toBe(true);

  for (const plain of [cellWith(), drawImage(9, 7, () => [0, 0, 0]), drawImage(1, 1, () => ROSE)]) {
    const map = await heatMap(plain, darkness);
    expect(map.peaks).toEqual([]);
    expect(map.evidence.every((value) => value === 0)).toBe(true);
  }
});

test('a mirrored cell has the mirrored map', async () => {
  const image = cellWith([[45, 25], 3, DARK], [[22, 40], 2, PALE]);
  const { width, height, data } = image;
  const mirrored = drawImage(width, height, (x, y) => {
    const at = 3 * (y * width + width - 1 - x);
    return [data[at], data[at + 1], data[at + 2]];
  });
  const [map, other] = [await heatMap(image, darkness), await heatMap(mirrored, darkness)];
  const differences = map.evidence.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.abs(value - other.evidence[y * width + width - 1 - x]);
  });
  expect(Math.max(...differences)).toBeLessThan(1e-4);
  expect(other.peaks[0].x).toBeCloseTo(width - map.peaks[0].x, 9);
});
