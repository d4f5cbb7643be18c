import type { Metrics } from './metrics.ts';

/** The starting project's figures, under its words. */
export interface SeedCounting {
  readonly positive: 'uninfected';
  readonly rocAuc: number | null;
  readonly accuracy: number | null;
  readonly recall: number | null;
  readonly precision: number | null;
}

/**
 * The same figures as the starting project counted them: its classes were in the order of the folder names, so
 * *uninfected* was its positive class. Its "recall" is our specificity, its "precision" our NPV; ROC AUC and accuracy
 * are the same from both sides.
 */
export function seedCounting({ rocAuc, accuracy, specificity, npv }: Metrics): SeedCounting {
  return { positive: 'uninfected', rocAuc, accuracy, recall: specificity, precision: npv };
}
