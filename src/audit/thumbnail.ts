import type { CellImage } from '../cells/image.ts';
import { preprocess } from '../recipes/preprocessing.ts';

/** A cell made small, to be compared with others. */
export interface Thumbnail {
  /** Green, where stain shows most: `SIDE * SIDE` levels, the whole image centred on black. */
  readonly levels: Uint8Array;
  /** Their sums over the pixels that change places when the image is turned and mirrored: these stay the same. */
  readonly orbits: Uint16Array;
}

const SIDE = 32;
const PIXELS = SIDE * SIDE;

const SMALL = {
  fit: 'keep-scale',
  height: SIDE,
  width: SIDE,
  // More than any image needs: it always fills the square one way.
  pixelScale: SIDE,
  scale: 1,
  offset: 0,
} as const;

export function thumbnailOf(image: CellImage): Thumbnail {
  const small = new Float32Array(3 * PIXELS);
  preprocess(image, SMALL, small, 0);
  const levels = Uint8Array.from({ length: PIXELS }, (_, i) => Math.round(small[3 * i + 1]));
  const orbits = new Uint16Array(ORBITS);
  for (let i = 0; i < PIXELS; i++) orbits[ORBIT_OF[i]] += levels[i];
  return { levels, orbits };
}

const HALF = SIDE / 2;
const ORBITS = (HALF * (HALF + 1)) / 2;

/** The orbit of each pixel: those up to eight that lie as far from both axes. */
const ORBIT_OF = Uint8Array.from({ length: PIXELS }, (_, i) => {
  const [x, y] = [i % SIDE, Math.floor(i / SIDE)].map((place) => (place < HALF ? place : SIDE - 1 - place));
  const [outer, inner] = [Math.min(x, y), Math.max(x, y)];
  return outer * HALF - (outer * (outer - 1)) / 2 + (inner - outer);
});

/** Where each pixel comes from when the square is turned by quarters and mirrored: eight ways. */
const ORIENTATIONS: readonly Uint16Array[] = [0, 1, 2, 3].flatMap((quarters) =>
  [false, true].map((mirrored) =>
    Uint16Array.from({ length: PIXELS }, (_, i) => {
      let x = i % SIDE;
      let y = Math.floor(i / SIDE);
      if (mirrored) x = SIDE - 1 - x;
      for (let q = 0; q < quarters; q++) [x, y] = [SIDE - 1 - y, x];
      return y * SIDE + x;
    }),
  ),
);

/**
 * Whether two thumbnails differ by at most so many levels in the mean, in one of the eight ways to lay one on the other.
 * The sums over orbits cannot differ by more than the levels do, so most pairs need no closer look.
 */
export function isNear(a: Thumbnail, b: Thumbnail, tolerance: number): boolean {
  const most = tolerance * PIXELS;
  if (distance(a.orbits, b.orbits, IN_ORDER, most) > most) return false;
  return ORIENTATIONS.some((places) => distance(a.levels, b.levels, places, most) <= most);
}

const IN_ORDER = Uint16Array.from({ length: ORBITS }, (_, i) => i);

/** The sum of differences, as far as it is needed to know that it is above `most`. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>, places: Uint16Array, most: number): number {
  let sum = 0;
  for (let i = 0; i < a.length && sum <= most; i++) sum += Math.abs(a[i] - b[places[i]]);
  return sum;
}
