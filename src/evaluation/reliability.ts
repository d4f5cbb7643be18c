/** Cells whose probabilities are alike. */
export interface ReliabilityBin {
  readonly cells: number;
  /** Mean probability of parasitized. */
  readonly probability: number;
  /** Share of the cells that are parasitized. */
  readonly parasitized: number;
}

/**
 * Cells in bins of equal width by their probability, [0, 1/15) to [14/15, 1], as the expected calibration error has them
 * (`metrics.ts`): empty bins are left out.
 *
 * @param probabilities of parasitized, from 0 to 1
 * @param labels 1 parasitized, 0 uninfected
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 15,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ cells: 0, probability: 0, parasitized: 0 }));
  for (let i = 0; i < labels.length; i++) {
    const bin = sums[Math.min(bins - 1, Math.floor(probabilities[i] * bins))];
    bin.cells++;
    bin.probability += probabilities[i];
    bin.parasitized += labels[i];
  }
  return sums
    .filter(({ cells }) => cells > 0)
    .map(({ cells, probability, parasitized }) => ({
      cells,
      probability: probability / cells,
      parasitized: parasitized / cells,
    }));
}
