import { describe, expect, test } from 'vitest';
import type { CellImage } from '../cells/image.ts';
import { layPlatelet } from './augment-platelets.ts';
import { random } from './random.ts';

const SIDE = 130;
const LEVEL = 200;

/** A grey disc on black that fills the image. */
function disc(): CellImage {
  const data = new Uint8Array(3 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = [(i % SIDE) + 0.5 - SIDE / 2, Math.floor(i / SIDE) + 0.5 - SIDE / 2];
    if (x * x + y * y < (SIDE / 2) ** 2) data.fill(LEVEL, 3 * i, 3 * i + 3);
  }
  return { width: SIDE, height: SIDE, data };
}

/** Random numbers and how many were drawn. */
function counted(seed: number) {
  const next = random(seed);
  const draw = () => {
    draw.drawn++;
    return next();
  };
  draw.drawn = 0;
  return draw;
}

/** As platelets were measured: what loses a tenth of its green, and the mean losses within .8 of the radius that its area gives it. */
function darkened({ data }: CellImage) {
  const dark: [x: number, y: number][] = [];
  for (let i = 0; i < SIDE * SIDE; i++) {
    if (data[3 * i + 1] !== 0 && data[3 * i + 1] < 0.9 * LEVEL) dark.push([i % SIDE, Math.floor(i / SIDE)]);
  }
  const radius = Math.sqrt(dark.length / Math.PI);
  const [left, right] = [Math.min, Math.max].map((end) => end(...dark.map(([x]) => x)));
  const [top, bottom] = [Math.min, Math.max].map((end) => end(...dark.map(([, y]) => y)));
  const near = dark.filter(
    ([x, y]) => (x - (left + right) / 2) ** 2 + (y - (top + bottom) / 2) ** 2 <= (0.8 * radius) ** 2,
  );
  const [red, green, blue] = [0, 1, 2].map(
    (c) => near.reduce((sum, [x, y]) => sum + 1 - data[3 * (y * SIDE + x) + c] / LEVEL, 0) / near.length,
  );
  return { radius: radius / (SIDE / 2), green, redByGreen: red / green, blueByGreen: blue / green };
}

describe('layPlatelet', () => {
  test('gives the image itself, without a draw, where the share is 0', () => {
    const image = disc();
    const draw = counted(1);
    expect(layPlatelet(image, {}, draw)).toBe(image);
    expect(layPlatelet(image, { platelets: 0 }, draw)).toBe(image);
    expect(draw.drawn).toBe(0);
  });

  test('draws two numbers, whether the image is chosen or not', () => {
    const draws = Array.from({ length: 40 }, (_, seed) => counted(seed));
    const chosen = draws.map((draw) => layPlatelet(disc(), { platelets: 0.5 }, draw));
    expect(new Set(draws.map(({ drawn }) => drawn))).toEqual(new Set([2]));
    expect(new Set(chosen.map(({ data }) => data.some((level) => level !== 0 && level !== LEVEL))).size).toBe(
      2,
    );
  });

  test('chooses that share of the images', () => {
    const draw = random(5);
    const image = disc();
    let chosen = 0;
    for (let i = 0; i < 400; i++) if (layPlatelet(image, { platelets: 0.1 }, draw) !== image) chosen++;
    // Binomial: 40 +- 6.
    expect(Math.abs(chosen - 40)).toBeLessThan(18);
  });

  test('changes the cell only, neither the black around it nor the image that it was given', () => {
    const image = disc();
    const painted = layPlatelet(image, { platelets: 1 }, random(3));
    expect(image.data).toEqual(disc().data);
    expect(painted.data).not.toEqual(image.data);
    expect(painted.data.every((level, i) => (level === 0) === (image.data[i] === 0))).toBe(true);
  });

  test('the same draws give the same bytes', () => {
    const paint = () => layPlatelet(disc(), { platelets: 1 }, random(8)).data;
    expect(paint()).toEqual(paint());
  });

  test('has the sizes and stains that were measured of platelets', () => {
    const all = Array.from({ length: 300 }, (_, seed) =>
      darkened(layPlatelet(disc(), { platelets: 1 }, random(seed))),
    ).filter(({ radius }) => radius > 0.1);
    // 5th and 95th percentile: radius and green of 187 platelets in chula-fields and iml-fields, hues of 149 stained spots in NIH cells.
    const measured = {
      radius: [0.22, 0.43],
      green: [0.18, 0.46],
      redByGreen: [0.16, 0.64],
      blueByGreen: [0.06, 0.72],
    };
    for (const what of ['radius', 'green', 'redByGreen', 'blueByGreen'] as const) {
      const values = all.map((one) => one[what]).toSorted((a, b) => a - b);
      for (const [i, share] of [0.05, 0.95].entries()) {
        const drawn = values[Math.floor(share * values.length)];
        expect(Math.abs(drawn - measured[what][i]), `${what}, ${share}`).toBeLessThan(0.1);
      }
    }
  });
});
