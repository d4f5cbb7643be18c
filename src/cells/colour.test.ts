import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Colour, matchColour, medianColour } from './colour.ts';
import { drawImage } from './draw-canvas.ts';

const level = fc.integer({ min: 1, max: 255 });
const colour: fc.Arbitrary<Colour> = fc.tuple(level, level, level);

describe('medianColour', () => {
  it('takes each channel on its own, the lower of two', () => {
    expect(
      medianColour([
        [1, 50, 7],
        [3, 20, 9],
        [2, 30, 8],
      ]),
    ).toEqual([2, 30, 8]);
    expect(
      medianColour([
        [10, 1, 5],
        [20, 2, 4],
      ]),
    ).toEqual([10, 1, 4]);
    expect(medianColour([])).toEqual([0, 0, 0]);
  });
});

describe('matchColour', () => {
  const cell = drawImage(2, 2, (x, y) => (x === y ? [0, 0, 0] : x > y ? [200, 150, 100] : [100, 30, 60]));

  it('gives each channel its gain: worked by hand', () => {
    // Gains 0.9, 0.8 and 1.5.
    expect([...matchColour(cell, [200, 150, 100], [180, 120, 150]).data]).toEqual([
      ...[0, 0, 0],
      ...[180, 120, 150],
      ...[90, 24, 90],
      ...[0, 0, 0],
    ]);
  });

  it('cuts off at 255', () => {
    expect([...matchColour(cell, [100, 100, 100], [200, 100, 100]).data.subarray(3, 6)]).toEqual([
      255, 150, 100,
    ]);
  });

  it('brings the usual colour to the wanted one, and a colour to itself changes nothing', () => {
    fc.assert(
      fc.property(colour, colour, (from, to) => {
        const image = drawImage(2, 1, (x) => (x === 0 ? from : [0, 0, 0]));
        expect([...matchColour(image, from, to).data]).toEqual([...to, 0, 0, 0]);
        expect(matchColour(cell, from, from).data).toEqual(cell.data);
      }),
    );
  });

  it('keeps the order of levels, and how much darker one is than another where nothing is cut off', () => {
    fc.assert(
      fc.property(colour, colour, fc.double({ min: 0.3, max: 1, noNaN: true }), (from, to, share) => {
        const dark = from.map((value) => Math.round(value * share)) as unknown as Colour;
        const image = drawImage(2, 1, (x) => (x === 0 ? from : dark));
        const { data } = matchColour(image, from, to);
        for (let c = 0; c < 3; c++) {
          expect(data[3 + c]).toBeLessThanOrEqual(data[c]);
          // Within half a level of dark / from * to, in integers: at a half itself a quotient's rounding would decide.
          expect(2 * Math.abs(data[3 + c] * from[c] - dark[c] * to[c])).toBeLessThanOrEqual(from[c]);
        }
      }),
    );
  });
});
