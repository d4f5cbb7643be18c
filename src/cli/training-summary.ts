import type { Evaluation } from '../evaluation/evaluate.ts';
import { seedCounting } from '../evaluation/seed-counting.ts';
import { formatShare } from './numbers.ts';
import { note } from './output.ts';

/** The figures of a run's metrics.json in a few lines. */
export function noteMetrics(metrics: Evaluation): void {
  const { part, cells, patients, protocol, rocAuc } = metrics;
  note(`Part ${part} (${cells} cells, ${patients} patients, ${protocol}): ROC AUC ${formatShare(rocAuc)}.`);
  for (const point of metrics.operatingPoints) {
    const { name, threshold, chosenOn, accuracy, sensitivity, specificity } = point;
    const chosen = chosenOn ? `, ${threshold.toFixed(4)} chosen on ${chosenOn}` : '';
    note(
      `  ${name}${chosen}: accuracy ${formatShare(accuracy)}, sensitivity ${formatShare(sensitivity)}, specificity ${formatShare(specificity)}`,
    );
  }
  if (metrics.recipe !== 'seed') return;
  const { accuracy, recall, precision } = seedCounting(metrics);
  note(
    `  as the starting project counted (uninfected positive, at 0.5): accuracy ${formatShare(accuracy)}, recall ${formatShare(recall)}, precision ${formatShare(precision)}`,
  );
}
