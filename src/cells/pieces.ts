/**
 * Pixels of each piece of a mask, connected by their sides, in no order: runs of pixels in a row, joined with the runs that they
 * touch in the row above (two-pass labelling, Rosenfeld and Pfaltz 1966).
 *
 * @param mask 1 where a piece is, row by row
 */
export function pieceSizes(mask: Uint8Array, width: number): number[] {
  // Of each run: where it begins and ends in its row, its piece's first run, and (of a first run) the pixels of the piece.
  const [from, to, first, pixels]: number[][] = [[], [], [], []];
  const firstOf = (run: number) => {
    let root = run;
    while (first[root] !== root) root = first[root];
    first[run] = root;
    return root;
  };
  let [above, current] = [0, 0];
  for (let row = 0; row < mask.length; row += width) {
    for (let x = 0; x < width; x++) {
      if (mask[row + x] === 0) continue;
      const start = x;
      while (x < width && mask[row + x] === 1) x++;
      const run = first.length;
      from.push(start);
      to.push(x);
      first.push(run);
      pixels.push(x - start);
      for (let other = above; other < current; other++) {
        if (to[other] <= start || from[other] >= x) continue;
        const [a, b] = [firstOf(other), firstOf(run)];
        if (a === b) continue;
        first[b] = a;
        pixels[a] += pixels[b];
      }
    }
    [above, current] = [current, first.length];
  }
  return pixels.filter((_, run) => first[run] === run);
}

/** Pixels of the largest; 0 where there is none. */
export function largestPiece(mask: Uint8Array, width: number): number {
  return pieceSizes(mask, width).reduce((most, size) => Math.max(most, size), 0);
}
