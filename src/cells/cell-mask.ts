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
  /** How many of its pixels have each level of green, 0 to 255. */
  readonly greens: Uint32Array;
  /** Sum of red, green and blue, one a pixel of the image. */
  readonly brightness: Uint16Array;
}

/** Segmented cells lie on black; a little above it, since JPEG does not keep black black. */
const BLACK = 30;

/** The cell: all pixels that are not black. In an image that was not segmented, that is nearly all of it. */
export function cellMask({ width, height, data }: CellImage): CellMask {
  const inside = new Uint8Array(width * height);
  const brightness = new Uint16Array(width * height);
  const reds = new Uint32Array(256);
  const greens = new Uint32Array(256);
  const blues = new Uint32Array(256);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, p = 0; y < height; y++) {
    const row = y * width;
    let [first, last] = [-1, -1];
    for (let i = row; i < row + width; i++, p += 3) {
      // One by one: an array taken apart costs as much here as all the rest.
      const r = data[p];
      const g = data[p + 1];
      const b = data[p + 2];
      const sum = r + g + b;
      brightness[i] = sum;
      if (sum <= BLACK) continue;
      inside[i] = 1;
      reds[r]++;
      greens[g]++;
      blues[b]++;
      if (first < 0) first = i;
      last = i;
    }
    if (first < 0) continue;
    left = Math.min(left, first - row);
    right = Math.max(right, last - row + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  const area = greens.reduce((sum, count) => sum + count, 0);
  const [red, green, blue] = [reds, greens, blues].map((histogram) => lowerMedian(histogram, area));
  const box = area === 0 ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom };
  return { inside, area, box, colour: [red, green, blue], greens, brightness };
}

/** The smallest value that at least half of all do not exceed. */
function lowerMedian(histogram: Uint32Array, count: number): number {
  let below = 0;
  return Math.max(
    0,
    histogram.findIndex((n) => {
      below += n;
      return 2 * below >= count;
    }),
  );
}
