import type { CellImage } from './image.ts';

/** Where the cell is in its image, and its colour. */
export interface CellMask {
  /** 1 where the cell is, one a pixel. */
  readonly inside: Uint8Array;
  /** Its pixels; 0 where the whole image is black. */
  readonly area: number;
  /** Smallest box around it, in pixels: `right` and `bottom` are the first beyond. All 0 where there is no cell. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Median of the cell's pixels, R G B. */
  readonly colour: readonly [number, number, number];
}

/** Segmented cells lie on black; a little above it, since JPEG does not keep black black. */
const BLACK = 30;

/** The cell: all pixels that are not black. In an image that was not segmented, that is nearly all of it. */
export function cellMask({ width, height, data }: CellImage): CellMask {
  const inside = new Uint8Array(width * height);
  const [reds, greens, blues] = [0, 1, 2].map(() => new Int32Array(256));
  let [left, top, right, bottom, area] = [width, height, 0, 0, 0];
  for (let y = 0, i = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++, p += 3) {
      const [r, g, b] = [data[p], data[p + 1], data[p + 2]];
      if (r + g + b <= BLACK) continue;
      inside[i] = 1;
      area++;
      reds[r]++;
      greens[g]++;
      blues[b]++;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  const [red, green, blue] = [reds, greens, blues].map((histogram) => lowerMedian(histogram, area));
  const box = area === 0 ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom };
  return { inside, area, box, colour: [red, green, blue] };
}

/** The smallest value that at least half of all do not exceed. */
function lowerMedian(histogram: Int32Array, count: number): number {
  let below = 0;
  return Math.max(
    0,
    histogram.findIndex((n) => {
      below += n;
      return 2 * below >= count;
    }),
  );
}
