import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellImage } from '../cells/image.ts';
import { triangleTaps } from '../cells/triangle-taps.ts';
import { fittedScale, type KeepScaleFit, nearestIndices, preprocess } from './preprocessing.ts';

const raw = { scale: 1, offset: 0 } as const;

function grey(height: number, width: number, levels: readonly number[]): CellImage {
  return { height, width, data: Uint8Array.from(levels.flatMap((level) => [level, level, level])) };
}

function red(image: CellImage, preprocessing: Parameters<typeof preprocess>[1]): number[] {
  const out = new Float32Array(preprocessing.height * preprocessing.width * 3);
  preprocess(image, preprocessing, out, 0);
  return Array.from(out).filter((_, i) => i % 3 === 0);
}

describe('stretch', () => {
  it('takes the source pixels that Pillow takes (Image.resize with NEAREST)', () => {
    // python3 -c "import numpy as np; from PIL import Image;
    // print(np.asarray(Image.fromarray(np.arange(n, dtype='u1')[None]).resize((m, 1), 0)))"
    expect([...nearestIndices(7, 10)]).toEqual([0, 1, 1, 2, 3, 3, 4, 5, 5, 6]);
    expect([...nearestIndices(10, 7)]).toEqual([0, 2, 3, 5, 6, 7, 9]);
    expect([...nearestIndices(2, 5)]).toEqual([0, 0, 1, 1, 1]);
    expect([...nearestIndices(5, 2)]).toEqual([1, 3]);
    expect([...nearestIndices(1, 3)]).toEqual([0, 0, 0]);
  });

  it('stretches rows and columns on their own', () => {
    const image = grey(2, 3, [1, 2, 3, 4, 5, 6]);
    expect(red(image, { fit: 'stretch', height: 4, width: 2, ...raw })).toEqual([1, 3, 1, 3, 4, 6, 4, 6]);
  });

  it('scales in float32, then adds the offset of the channel', () => {
    const image: CellImage = { height: 1, width: 1, data: Uint8Array.of(10, 20, 30) };
    const out = new Float32Array(5);
    preprocess(image, { fit: 'stretch', height: 1, width: 1, scale: 1 / 255, offset: [0, 1, -0.5] }, out, 1);
    const f = Math.fround;
    const value = (level: number, offset: number) => f(f(level * f(1 / 255)) + offset);
    expect([...out]).toEqual([0, value(10, 0), value(20, 1), value(30, -0.5), 0]);
  });
});

describe('keep-scale', () => {
  const keepScale = (height: number, width: number, pixelScale: number): KeepScaleFit => ({
    fit: 'keep-scale',
    height,
    width,
    pixelScale,
    ...raw,
  });

  it('centres a smaller cell on black', () => {
    expect(red(grey(1, 1, [9]), keepScale(3, 3, 1))).toEqual([0, 0, 0, 0, 9, 0, 0, 0, 0]);
    expect(red(grey(2, 2, [1, 2, 3, 4]), keepScale(4, 4, 1))).toEqual([
      ...[0, 0, 0, 0],
      ...[0, 1, 2, 0],
      ...[0, 3, 4, 0],
      ...[0, 0, 0, 0],
    ]);
  });

  it('puts an odd cell between the pixels of an even frame: half of each neighbour', () => {
    expect(red(grey(1, 1, [8]), keepScale(2, 2, 1))).toEqual([2, 2, 2, 2]);
  });

  it('halves with the triangle of half-width 2: 1, 3, 3, 1 over 8', () => {
    const levels = [16, 80, 240, 32, 64, 8];
    // Output i lies between source pixels 2i and 2i + 1; beyond the image is black. The one row weighs 1/2.
    const expected = [
      (3 * 16 + 3 * 80 + 240) / 8,
      (80 + 3 * 240 + 3 * 32 + 64) / 8,
      (32 + 3 * 64 + 3 * 8) / 8,
    ];
    expect(red(grey(1, 6, levels), keepScale(1, 3, 0.5)).map((v) => v / 0.5)).toEqual(expected);
  });

  it('enlarges by linear interpolation', () => {
    const { first, count, weights, most } = triangleTaps(2, 4, 2);
    expect([...first]).toEqual([0, 0, 0, 1]);
    expect([...count]).toEqual([1, 2, 2, 1]);
    const shares = [...first].map((_, i) => [...weights.subarray(i * most, (i + 1) * most)]);
    const others = Array(most - 2).fill(0);
    expect(shares).toEqual(
      [
        [0.75, 0],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0],
      ].map((own) => [...own, ...others]),
    );
  });

  it('shrinks a cell that would not fit, both axes alike', () => {
    const image = grey(2, 4, [100, 100, 100, 100, 100, 100, 100, 100]);
    const out = red(image, keepScale(4, 2, 1));
    // Scale 1/2: one row of two source rows, in the middle of four.
    expect(out.slice(0, 2)).toEqual(out.slice(6));
    expect(out[2]).toBe(out[3]);
    expect(out[2]).toBeGreaterThan(out[0]);
  });

  it('shares sum to one inside the image, and no pixel leaves the range of its neighbours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 120 }),
        fc.float({ min: Math.fround(0.05), max: 4, noNaN: true }),
        (from, to, pixelScale) => {
          const scale = Math.min(pixelScale, Math.fround(to / from));
          const { first, count, weights, most } = triangleTaps(from, to, scale);
          const reach = Math.max(1, 1 / scale);
          for (let i = 0; i < to; i++) {
            const centre = (i + 0.5 - to / 2) / scale + from / 2;
            const shares = weights.subarray(i * most, i * most + count[i]);
            const sum = shares.reduce((a, b) => a + b, 0);
            expect(sum).toBeLessThan(1 + 1e-5);
            if (centre - reach > 0 && centre + reach < from) expect(sum).toBeCloseTo(1, 5);
            expect(first[i] + count[i]).toBeLessThanOrEqual(from);
          }
        },
      ),
    );
  });

  it('is the sum over both axes, rounded to float32 a tap, whatever the number of taps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.7, 1, 2),
        fc.integer(),
        (height, width, pixelScale, seed) => {
          const levels = Array.from(
            { length: height * width },
            (_, i) => Math.imul(i + seed, 2654435761) >>> 24,
          );
          const image = grey(height, width, levels);
          const fit = keepScale(9, 7, pixelScale);
          const scale = fittedScale(image, fit);
          const [rows, columns] = [triangleTaps(height, 9, scale), triangleTaps(width, 7, scale)];
          const blended = (y: number, x: number) => {
            let sum = 0;
            for (let k = 0; k < rows.count[y]; k++) {
              const weight = rows.weights[y * rows.most + k];
              sum = Math.fround(sum + weight * levels[(rows.first[y] + k) * width + x]);
            }
            return sum;
          };
          const expected = Array.from({ length: 9 * 7 }, (_, o) => {
            const [y, x] = [Math.floor(o / 7), o % 7];
            let sum = 0;
            for (let k = 0; k < columns.count[x]; k++) {
              sum += columns.weights[x * columns.most + k] * blended(y, columns.first[x] + k);
            }
            return Math.fround(sum);
          });
          expect(red(image, fit)).toEqual(expected);
        },
      ),
    );
  });

  it('commutes with mirroring', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }), (levels) => {
        const there = red(grey(1, levels.length, levels), keepScale(1, 16, 0.6));
        const back = red(grey(1, levels.length, [...levels].reverse()), keepScale(1, 16, 0.6)).reverse();
        there.forEach((value, i) => {
          expect(value).toBeCloseTo(back[i], 2);
        });
      }),
    );
  });
});

it('refuses an output that is too small', () => {
  const image = grey(1, 1, [1]);
  expect(() =>
    preprocess(image, { fit: 'stretch', height: 2, width: 2, ...raw }, new Float32Array(12), 1),
  ).toThrow('does not fit');
});
