import type { Run } from './runs.ts';

/**
 * Pixels of each piece of a mask, connected by their sides, in no order: its runs, joined with the runs that they touch in the
 * row above (two-pass labelling, Rosenfeld and Pfaltz 1966).
 *
 * @param runs of the mask, in their order
 */
export function pieceSizes(runs: readonly Run[]): number[] {
  // Of each run: its piece's first run, and (of a first run) the pixels of the piece.
  const first = runs.map((_, run) => run);
  const pixels = runs.map(({ from, to }) => to - from);
  const firstOf = (run: number) => {
    let root = run;
    while (first[root] !== root) root = first[root];
    first[run] = root;
    return root;
  };
  // All before `above` lie higher than the row above that of the run, or end before it begins.
  let above = 0;
  runs.forEach(({ y, from, to }, run) => {
    while (runs[above].y < y - 1 || (runs[above].y === y - 1 && runs[above].to <= from)) above++;
    for (let other = above; runs[other].y < y && runs[other].from < to; other++) {
      const [a, b] = [firstOf(other), firstOf(run)];
      if (a === b) continue;
      first[b] = a;
      pixels[a] += pixels[b];
    }
  });
  return pixels.filter((_, run) => first[run] === run);
}

/** Pixels of the largest; 0 where there is none. */
export function largestPiece(runs: readonly Run[]): number {
  return pieceSizes(runs).reduce((most, size) => Math.max(most, size), 0);
}
