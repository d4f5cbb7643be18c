import { expect, it } from 'vitest';
import { drawCells } from './draw.ts';
import { HANDCRAFTED_NAMES, type HandcraftedName, handcraftedFeatures } from './handcrafted-features.ts';
import type { CellImage } from './image.ts';

/** A square all of one colour, without black around it, but for some pixels. */
function square(
  side: number,
  colourOf: (x: number, y: number) => number[] | undefined = () => undefined,
): CellImage {
  const data = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    data.set(colourOf(i % side, Math.floor(i / side)) ?? [200, 160, 180], 3 * i);
  }
  return { width: side, height: side, data };
}

function named(image: CellImage): Record<HandcraftedName, number> {
  const values = handcraftedFeatures(image);
  expect(values).toHaveLength(16);
  return Object.fromEntries(HANDCRAFTED_NAMES.map((name, i) => [name, values[i]])) as Record<
    HandcraftedName,
    number
  >;
}

/** The Gaussian of sigma 1.2 at a distance of 0 to 5 pixels, its sum over both sides 1. */
const bell = [0, 1, 2, 3, 4, 5].map((x) => Math.exp((-x * x) / 2.88));
const k = bell.map((value) => value / (2 * bell.reduce((sum, b) => sum + b, 0) - bell[0]));

it('a cell of one colour has no contrast', () => {
  // Of 16 x 16 pixels the outer three are left out; of the 10 x 10 left, the first is the darkest: an edge pixel, of depth 1 of 5.
  const expected = [100, 200, 160, 180, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0.2, 1, 0];
  for (const [i, value] of handcraftedFeatures(square(16)).entries())
    expect(value).toBeCloseTo(expected[i], 9);
});

it('one pixel without green, worked by hand', () => {
  // 25 x 25 pixels are left. Around the one, green is down by k(x) k(y): 1 pixel by k0 k0, 4 by k0 k1, 4 by k1 k1, 4 by k0 k2,
  // 8 by k1 k2, 4 by k2 k2, 4 by k0 k3, 8 by k1 k3 ...; over all 625, by 1 in all.
  const found = named(square(31, (x, y) => (x === 15 && y === 15 ? [200, 0, 180] : undefined)));
  const squares = (k[0] ** 2 + 2 * (k[1] ** 2 + k[2] ** 2 + k[3] ** 2 + k[4] ** 2 + k[5] ** 2)) ** 2;
  const expected: Record<HandcraftedName, number> = {
    area: 625,
    'median red': 200,
    'median green': 160,
    'median blue': 180,
    'standard deviation of g': Math.sqrt(squares / 625 - (1 / 625) ** 2),
    // Place .01 * 624 = 6.24, after 1 + 4 pixels; place 31.2, after 29.
    '1st percentile of g': 1 - k[1] * k[1],
    '5th percentile of g': 1 - k[1] * k[3],
    'minimum of g': 1 - k[0] * k[0],
    'maximum of b - g': k[0] * k[0],
    '99th percentile of b - g': k[1] * k[1],
    'share of g < 0.9': 1 / 625,
    'share of g < 0.75': 0,
    'largest connected area of g < 0.82': 0,
    'depth of the darkest point': 1,
    'minimum of r': 1,
    'r - b at the darkest point': 0,
  };
  for (const name of HANDCRAFTED_NAMES) expect(found[name], name).toBeCloseTo(expected[name], 9);
});

it('areas of stain, worked by hand', () => {
  // Of a block of 10 x 10 without green, the blur leaves a pixel beyond its side .334 of the darkness, one beyond that .099: with
  // the sides, not the corners, 10 x 10 + 4 x 10 pixels are below .82; below .75, 8 of each side. A second block is smaller.
  const block = (x: number, y: number, from: number, side: number) =>
    x >= from && x < from + side && y >= from && y < from + side;
  const one = named(square(51, (x, y) => (block(x, y, 10, 10) ? [200, 0, 180] : undefined)));
  expect(one['largest connected area of g < 0.82']).toBe(140);
  expect(one['share of g < 0.75']).toBeCloseTo(132 / 45 ** 2, 12);
  const two = named(
    square(51, (x, y) => (block(x, y, 10, 10) || block(x, y, 35, 6) ? [200, 0, 180] : undefined)),
  );
  expect(two['largest connected area of g < 0.82']).toBe(140);
});

it('what touches the edge of the cell is not deep, and the black around it counts for nothing', () => {
  const inBlack = (dark: number) =>
    named(
      square(41, (x, y) => {
        if (Math.max(Math.abs(x - 20), Math.abs(y - 20)) > 14) return [0, 0, 0];
        return x === dark && y === 20 ? [100, 0, 180] : undefined;
      }),
    );
  // The cell is 29 x 29; without two pixels of outline 25 x 25. The blur brings a little black in, so that the median is a
  // little lower than the colour.
  expect(inBlack(20).area).toBe(625);
  expect(inBlack(20)['depth of the darkest point']).toBe(1);
  expect(inBlack(8)['depth of the darkest point']).toBeCloseTo(1 / 13, 12);
  expect(inBlack(20)['minimum of r']).toBeCloseTo(1 - 0.5 * k[0] ** 2, 3);
  expect(inBlack(20)['r - b at the darkest point']).toBeCloseTo(-0.5 * k[0] ** 2, 3);
});

it('an image without a cell, or too small for one, has zeros', () => {
  const none = HANDCRAFTED_NAMES.map(() => 0);
  expect(handcraftedFeatures(square(20, () => [0, 0, 0]))).toEqual(none);
  expect(handcraftedFeatures(square(6))).toEqual(none);
  expect(handcraftedFeatures({ width: 0, height: 0, data: new Uint8Array() })).toEqual(none);
});

it('drawn parasites are seen', () => {
  const cells = drawCells({ count: 60, seed: 2 });
  const mean = (label: string) => {
    const own = cells.filter((cell) => cell.label === label).map(({ image }) => named(image));
    for (const values of own)
      for (const value of Object.values(values)) expect(Number.isFinite(value)).toBe(true);
    return own.reduce((sum, values) => sum + values['minimum of g'], 0) / own.length;
  };
  expect(mean('parasitized')).toBeLessThan(mean('uninfected') - 0.1);
});
