import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellImage } from '../cells/image.ts';
import { augmentInto } from './augment.ts';
import { type Preprocessing, preprocess } from './preprocessing.ts';
import { random } from './random.ts';
import type { Augmentation } from './recipe.ts';

const keepScale: Preprocessing = {
  fit: 'keep-scale',
  height: 12,
  width: 12,
  pixelScale: 0.5,
  scale: 1 / 128,
  offset: [-1, -0.5, 0.25],
};
const stretch: Preprocessing = { fit: 'stretch', height: 6, width: 9, scale: 1 / 255, offset: 0 };

/** A bright block of random pixels with a black margin of four. */
function cell(height: number, width: number, seed: number): CellImage {
  const draw = random(seed);
  const data = new Uint8Array(height * width * 3);
  for (let y = 4; y < height - 4; y++) {
    for (let x = 4; x < width - 4; x++) {
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = 60 + draw() * 150;
    }
  }
  return { height, width, data };
}

function augmented(image: CellImage, p: Preprocessing, augmentation: Augmentation, draw: () => number) {
  const out = new Float32Array(p.height * p.width * 3);
  augmentInto(image, p, augmentation, draw, out, 0);
  return out;
}

function fitted(image: CellImage, p: Preprocessing) {
  const out = new Float32Array(p.height * p.width * 3);
  preprocess(image, p, out, 0);
  return out;
}

const sequence =
  (...values: number[]) =>
  () =>
    values.shift() ?? 0.5;
const everything: Augmentation = {
  dihedral: true,
  rotation: 180,
  shift: 3,
  zoom: 0.2,
  brightness: 0.2,
  contrast: 0.2,
  saturation: 0.2,
  stain: 0.2,
};

describe('where the cell lies', () => {
  test('without augmentation the values are those of preprocess', () => {
    const image = cell(20, 26, 1);
    for (const p of [keepScale, stretch])
      expect(augmented(image, p, {}, random(1))).toEqual(fitted(image, p));
  });

  test('writes at the offset and nowhere else', () => {
    const out = new Float32Array(12 * 12 * 3 + 10).fill(9);
    augmentInto(cell(20, 20, 1), keepScale, everything, random(3), out, 5);
    expect([...out.subarray(0, 5), ...out.subarray(-5)]).toEqual(Array(10).fill(9));
  });

  test('the eight turns are different permutations of the pixels, the mirror images as numpy has them', () => {
    const plain = fitted(cell(24, 24, 2), keepScale);
    const turned = Array.from({ length: 8 }, (_, t) =>
      augmented(cell(24, 24, 2), keepScale, { dihedral: true }, sequence((t + 0.5) / 8)),
    );
    const sorted = (values: Float32Array) => Float32Array.from(values).sort();
    for (const values of turned) expect(sorted(values)).toEqual(sorted(plain));
    expect(new Set(turned.map(String)).size).toBe(8);
    const pixel = (values: Float32Array, y: number, x: number) =>
      values.slice((y * 12 + x) * 3, (y * 12 + x) * 3 + 3);
    expect(turned[0]).toEqual(plain);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 12; x++) {
        expect(pixel(turned[1], y, x)).toEqual(pixel(plain, y, 11 - x));
        expect(pixel(turned[2], y, x)).toEqual(pixel(plain, 11 - y, x));
        expect(pixel(turned[4], y, x)).toEqual(pixel(plain, x, y));
      }
    }
  });

  test('a rectangle is only mirrored', () => {
    const draws = Array.from({ length: 40 }, (_, i) =>
      String(augmented(cell(20, 30, 3), stretch, { dihedral: true }, random(i))),
    );
    expect(new Set(draws).size).toBe(4);
  });

  test('a shift by whole pixels moves the values exactly, black coming in', () => {
    // rotation and zoom draw 0.5 (nothing), then dx = 3 and dy = -2.
    const plain = fitted(cell(24, 24, 4), keepScale);
    const moved = augmented(cell(24, 24, 4), keepScale, { shift: 3 }, sequence(0.5, 0.5, 1, 1 / 6));
    const black = Float32Array.of(-1, -0.5, 0.25);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 12; x++) {
        const inside = x + 3 < 12 && y - 2 >= 0;
        const p = ((y - 2) * 12 + x + 3) * 3;
        const expected = inside ? plain.slice(p, p + 3) : black;
        const got = moved.slice((y * 12 + x) * 3, (y * 12 + x) * 3 + 3);
        for (let c = 0; c < 3; c++) expect(got[c]).toBeCloseTo(expected[c], 6);
      }
    }
  });

  test('a rotation by a quarter is the quarter turn', () => {
    const turned = augmented(cell(24, 24, 5), keepScale, { rotation: 180 }, sequence(0.75));
    const plain = fitted(cell(24, 24, 5), keepScale);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 12; x++) {
        for (let c = 0; c < 3; c++) {
          expect(turned[(y * 12 + x) * 3 + c]).toBeCloseTo(plain[(x * 12 + (11 - y)) * 3 + c], 5);
        }
      }
    }
  });
});

describe('colour', () => {
  test('the black around the cell stays black', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const image = cell(24, 24, 6);
        const plain = fitted(image, keepScale);
        const colour = { brightness: 0.5, contrast: 0.5, saturation: 0.5, stain: 0.5 };
        const varied = augmented(image, keepScale, colour, random(seed));
        for (let i = 0; i < plain.length; i += 3) {
          if (plain[i] !== -1) continue;
          expect([...varied.subarray(i, i + 3)]).toEqual([-1, -0.5, 0.25]);
        }
      }),
    );
  });

  test('brightness multiplies levels, contrast spreads them about the mean, saturation about grey', () => {
    const image: CellImage = { height: 1, width: 2, data: Uint8Array.of(100, 50, 30, 120, 90, 60) };
    const p: Preprocessing = { fit: 'stretch', height: 1, width: 2, scale: 1, offset: 0 };
    const levels = (augmentation: Augmentation, ...draws: number[]) =>
      [...augmented(image, p, augmentation, sequence(...draws))].map((x) => Math.round(x * 1000) / 1000);
    expect(levels({ brightness: 0.2 }, 1)).toEqual([120, 60, 36, 144, 108, 72]);
    expect(levels({ contrast: 0.5 }, 0.5, 0)).toEqual([105, 60, 37.5, 115, 80, 52.5]);
    expect(levels({ saturation: 1 }, 0.5, 0.5, 0)).toEqual([60, 60, 60, 90, 90, 90]);
    expect(levels({ stain: 0.1 }, 0.5, 0.5, 0.5, 1, 0.5, 0)).toEqual([110, 50, 27, 132, 90, 54]);
    expect(levels({ brightness: 2 }, 1)).toEqual([255, 150, 90, 255, 255, 180]);
  });
});

test('the same draws give the same bits, and all values stay within those of pixels', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 9, max: 40 }), fc.integer({ min: 9, max: 40 }), (seed, h, w) => {
      const once = augmented(cell(h, w, seed), keepScale, everything, random(seed, 1));
      expect(augmented(cell(h, w, seed), keepScale, everything, random(seed, 1))).toEqual(once);
      for (let i = 0; i < once.length; i++) {
        const offset = [-1, -0.5, 0.25][i % 3];
        expect(once[i] >= offset - 1e-6 && once[i] <= 255 / 128 + offset + 1e-6).toBe(true);
      }
    }),
  );
});
