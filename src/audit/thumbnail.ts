import type { CellImage } from '../cells/image.ts';
import { meanColour } from '../cells/simple-features.ts';
import { preprocess } from '../recipes/preprocessing.ts';

/** A cell made small, to be compared with others. */
export interface Thumbnail {
  /** Green, where stain shows most: `SIDE * SIDE` levels, the whole image centred on black. */
  readonly levels: Uint8Array;
  /** Mean red, green, blue of the cell. */
  readonly colour: readonly number[];
}

export const SIDE = 32;
const PIXELS = SIDE * SIDE;

const SMALL = {
  fit: 'keep-scale',
  height: SIDE,
  width: SIDE,
  // Larger than any side needs: the image always fills the square one way.
  pixelScale: SIDE,
  scale: 1,
  offset: 0,
} as const;

export function thumbnailOf(image: CellImage): Thumbnail {
  const small = new Float32Array(3 * PIXELS);
  preprocess(image, SMALL, small, 0);
  return {
    levels: Uint8Array.from({ length: PIXELS }, (_, i) => Math.round(small[3 * i + 1])),
    colour: meanColour(image),
  };
}

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
 * The mean difference of two thumbnails in levels, the least of the eight ways to lay one on the other; Infinity as soon as it
 * is clear that it is above `most`.
 */
export function difference(a: Uint8Array, b: Uint8Array, most: number): number {
  let least = most * PIXELS;
  let found = Number.POSITIVE_INFINITY;
  for (const from of ORIENTATIONS) {
    let sum = 0;
    for (let i = 0; i < PIXELS && sum <= least; i++) sum += Math.abs(a[i] - b[from[i]]);
    if (sum <= least) {
      least = sum;
      found = sum / PIXELS;
    }
  }
  return found;
}
