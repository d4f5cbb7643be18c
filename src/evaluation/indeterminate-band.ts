/** Probabilities from `low` to `high`, both included, are too near to the threshold to call. */
export interface IndeterminateBand {
  readonly low: number;
  readonly high: number;
}

/** A call that is right nine times of ten is made, however much room there is. */
const LEAST_DOUBT = 0.1;

/**
 * Chow's rule (1970, IEEE Transactions on Information Theory 16:41): not called are the cells whose call is most likely a
 * mistake, by their own probability: a parasitized one with 1 - p, an uninfected one with p. The mistakes that happen to be
 * among a few hundred cells say less of other patients (docs/results/experiments.md).
 *
 * @param probabilities calibrated
 * @param most how many of them may lie in the band
 * @returns undefined where no cell would
 */
export function indeterminateBand(
  probabilities: readonly number[],
  threshold: number,
  most: number,
): IndeterminateBand | undefined {
  const doubts = probabilities.map((p) => (p >= threshold ? 1 - p : p)).sort((a, b) => b - a);
  for (let cells = Math.min(most, doubts.length); cells > 0; cells--) {
    // Between two cells, so that neither lies on an end.
    const least = Math.max(LEAST_DOUBT, (doubts[cells - 1] + (doubts[cells] ?? 0)) / 2);
    const band = { low: Math.min(least, threshold), high: Math.max(1 - least, threshold) };
    const inside = probabilities.filter((p) => p >= band.low && p <= band.high).length;
    if (inside > 0 && inside <= most) return band;
  }
  return undefined;
}

/** The band where the threshold is another one: moved with it on the scale of log-odds. */
export function movedBand(band: IndeterminateBand, from: number, to: number): IndeterminateBand {
  if (from === to) return band;
  const ratio = odds(to) / odds(from);
  const moved = (probability: number) => {
    const scaled = ratio * odds(probability);
    return scaled === Number.POSITIVE_INFINITY ? 1 : scaled / (1 + scaled);
  };
  // With a threshold of 0 or 1 there is nothing on one side of it: nothing is too near to call.
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return { low: 1, high: 0 };
  return { low: moved(band.low), high: moved(band.high) };
}

function odds(probability: number): number {
  return probability / (1 - probability);
}
