/** Pixels of a mask that follow one another in a row: `from` is the first, `to` the first beyond. */
export interface Run {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/**
 * All runs of a mask, row by row from the top, each row from the left.
 *
 * @param mask 1 where a piece is, row by row
 */
export function runsOf(mask: Uint8Array, width: number): Run[] {
  const runs: Run[] = [];
  for (let y = 0, row = 0; row < mask.length; y++, row += width) {
    for (let x = 0; x < width; x++) {
      if (mask[row + x] === 0) continue;
      const from = x;
      while (x < width && mask[row + x] === 1) x++;
      runs.push({ y, from, to: x });
    }
  }
  return runs;
}
