import { describe, expect, test } from 'vitest';
import { type Appearance, appearanceOf } from './appearance.ts';
import { drawCellAt } from './draw.ts';
import { drawNonCells } from './draw-non-cells.ts';
import type { CellImage } from './image.ts';
import { type UsualAppearance, unusual, usualAppearance } from './unusual.ts';

const measured = (image: CellImage) => appearanceOf(image) as Appearance;
/** Two cells of each of so many patients: stains differ between patients, not within. */
const drawn = (seed: number, patients: number) =>
  Array.from({ length: 2 * patients }, (_, i) => drawCellAt(seed, patients, i).image);
const trained = drawn(1, 120).map(measured);
const usual = usualAppearance(trained);

describe('what is none of the drawn cells, by name', () => {
  const reasons = new Map<string, string | null>();
  for (const seed of [1, 2]) {
    for (const { name, image } of drawNonCells(seed)) {
      reasons.set(`${name}, ${seed}`, unusual(appearanceOf(image), usual));
    }
  }

  test.each([
    [
      'no cell',
      ['black', 'white', 'grey', 'disc, rose', 'square, purple', 'checkerboard', 'text, white on black'],
    ],
    ['too small', ['tiny, 1 x 1', 'tiny, 8 x 8', 'tiny, 1 x 8', 'platelet']],
    [
      'not cut out on black',
      ['noise', 'landscape, green', 'photograph, skin', 'stripes, slanting', 'whole field'],
    ],
    [
      'two cells',
      ['two cells, side by side', 'two cells, one parasitized', 'two cells, one above the other'],
    ],
    ['cut off', ['cell cut in half', 'parasitized cell cut in half']],
    [
      'another stain',
      [
        'cell stained blue',
        'cell stained green',
        'cell stained yellow',
        'cell without colour',
        'cell far too dark',
        'bare nucleus',
      ],
    ],
    ['blurred', ['cell blurred']],
    ['unlike the cells it was trained on', ['noise in a disc']],
  ])('%s', (reason, names) => {
    for (const seed of [1, 2]) {
      expect(names.map((name) => [name, reasons.get(`${name}, ${seed}`)])).toEqual(
        names.map((name) => [name, reason]),
      );
    }
  });

  test('nothing is usual', () => {
    expect([...reasons].filter(([, reason]) => reason === null)).toEqual([]);
  });
});

test('other drawn cells are usual, nine of ten and more', () => {
  const odd = drawn(2, 30).filter((image) => unusual(appearanceOf(image), usual) !== null);
  expect(odd.length).toBeLessThanOrEqual(6);
});

test('the outermost cell in a thousand counts for no range; the ends are a seventh of the range further out', () => {
  const cells = Array.from({ length: 1001 }, (_, i) => ({
    ...trained[0],
    diameter: i + 500,
    solidity: i / 1000,
    redOverGreen: i - 500,
  }));
  const { diameter, solidity, redOverGreen } = usualAppearance(cells);
  expect(diameter).toEqual([expect.closeTo(501 - 149.7, 9), expect.closeTo(1499 + 149.7, 9)]);
  expect(redOverGreen).toEqual([expect.closeTo(-499 - 149.7, 9), expect.closeTo(499 + 149.7, 9)]);
  expect(solidity).toEqual([0.001, 0.999]);
});

test('a range that begins near 0 goes half of the way there at most', () => {
  const cells = Array.from({ length: 1001 }, (_, i) => ({ ...trained[0], texture: 0.01 + i / 1000 }));
  expect(usualAppearance(cells).texture[0]).toBeCloseTo(0.0055, 9);
});

test('grey is a stain of its own, but for a model that was trained on nothing else', () => {
  const grey = { ...trained[0], redOverGreen: 0, blueOverGreen: 0 };
  expect(unusual(grey, { ...usual, redOverGreen: [-9, 90], blueOverGreen: [-9, 90] })).toBe('another stain');
  expect(unusual(grey, { ...usual, redOverGreen: [0, 0], blueOverGreen: [0, 0] })).toBeNull();
});

test('so is green, where it outweighs both red and blue', () => {
  const wide = { ...usual, redOverGreen: [-30, 90], blueOverGreen: [-30, 90] } as const;
  const look = (redOverGreen: number, blueOverGreen: number, among: UsualAppearance = wide) =>
    unusual({ ...trained[0], redOverGreen, blueOverGreen }, among);
  expect(look(-6, -20)).toBe('another stain');
  expect(look(-20, 10)).toBeNull();
  expect(look(-4, -4)).toBeNull();
  expect(look(-6, -20, { ...usual, redOverGreen: [-9, -4], blueOverGreen: [-30, -10] })).toBeNull();
});
