/** Shares of infected cells: a light infection, a heavy one, and one above which malaria counts as severe in many guidelines. */
export const INFECTED_SHARES = [0.001, 0.01, 0.04] as const;

export interface PpvAt {
  /** Share of the cells that is infected. */
  readonly infected: (typeof INFECTED_SHARES)[number];
  /** Null where nothing would be called parasitized. */
  readonly ppv: number | null;
}

/**
 * How many of the cells called parasitized would be, were this share infected (Bayes' rule): the PPV of a balanced set of
 * cells is not that of a smear.
 */
export function ppvAtShares(sensitivity: number | null, specificity: number | null): PpvAt[] {
  return INFECTED_SHARES.map((infected) => {
    if (sensitivity === null || specificity === null) return { infected, ppv: null };
    const trueCalls = sensitivity * infected;
    const calls = trueCalls + (1 - specificity) * (1 - infected);
    return { infected, ppv: calls === 0 ? null : trueCalls / calls };
  });
}

/**
 * The probability that a model trained where the share `prior` was parasitized would give were that share `prevalence`:
 * odds' = odds * (prevalence / (1 - prevalence)) / (prior / (1 - prior)) (Saerens et al. 2002, Neural Computation 14:21).
 * It never changes the order of two probabilities. 0 and 1 stay as they are.
 *
 * @param prior above 0 and below 1, as is `prevalence`
 */
export function atPrevalence(probability: number, prior: number, prevalence: number): number {
  const factor = (prevalence / (1 - prevalence)) * ((1 - prior) / prior);
  const odds = (probability / (1 - probability)) * factor;
  // Each step keeps the order under rounding; odds / (1 + odds) would not.
  return 1 / (1 + 1 / odds);
}
