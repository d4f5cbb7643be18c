import { describe, expect, test } from 'vitest';
import { type Appearance, appearanceOf } from './appearance.ts';
import { drawCellAt } from './draw.ts';
import { drawNonCells } from './draw-non-cells.ts';
import type { CellImage } from './image.ts';
import { unusual, usualAppearance } from './unusual.ts';

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
      ['cell stained blue', 'cell stained green', 'cell stained yellow', 'cell far too dark', 'bare nucleus'],
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

  test('nothing is usual but a cell that has lost its colour', () => {
    const usualNames = [...reasons].filter(([, reason]) => reason === null).map(([name]) => name);
    expect(usualNames.filter((name) => !name.startsWith('cell without colour'))).toEqual([]);
  });
});

test('other drawn cells are usual, nine of ten and more', () => {
  const odd = drawn(2, 30).filter((image) => unusual(appearanceOf(image), usual) !== null);
  expect(odd.length).toBeLessThanOrEqual(6);
});

test('the outermost cell in a thousand counts for no range; the ends are a twentieth further out', () => {
  const cells = Array.from({ length: 1001 }, (_, i) => ({ ...trained[0], diameter: i, solidity: i / 1000 }));
  const { diameter, solidity } = usualAppearance(cells);
  expect(diameter).toEqual([expect.closeTo(1 - 49.9, 9), expect.closeTo(999 + 49.9, 9)]);
  expect(solidity).toEqual([0.001, 0.999]);
});
