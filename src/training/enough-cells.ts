/** With fewer cells of a label a fit is mostly chance. */
export const LEAST_CELLS = 20;

/** @param labels 1 parasitized, 0 uninfected */
export function enoughCells(labels: readonly number[]): boolean {
  const parasitized = labels.filter((label) => label === 1).length;
  return Math.min(parasitized, labels.length - parasitized) >= LEAST_CELLS;
}
