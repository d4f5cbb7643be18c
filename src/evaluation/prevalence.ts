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
