import { expect, test } from 'vitest';
import { largestPiece, pieceSizes } from './pieces.ts';
import { runsOf } from './runs.ts';

/** Rows of a picture: # is a piece. */
function pieces(...rows: string[]): number[] {
  const mask = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return pieceSizes(runsOf(mask, rows[0].length)).sort((a, b) => a - b);
}

test('by sides, not by corners, and not around the edge of the image', () => {
  expect(pieces('#..#', '.#..', '#..#')).toEqual([1, 1, 1, 1, 1]);
  expect(pieces('...#', '#...')).toEqual([1, 1]);
});

test('arms that meet further down are one piece, as are those of a spiral', () => {
  expect(pieces('#.#.#', '#.#.#', '#####', '.....', '##...')).toEqual([2, 11]);
  expect(pieces('#####', '....#', '###.#', '#...#', '#####')).toEqual([17]);
});

test('of nothing, none', () => {
  expect(pieces('...')).toEqual([]);
  expect(largestPiece(runsOf(new Uint8Array(6), 3))).toBe(0);
});
