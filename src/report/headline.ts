import type { Evaluation } from '../evaluation/evaluate.ts';
import { counted, share } from '../figures/numbers.ts';

/** What figures are figures of, in one line: `Patient-disjoint split, published labels, part test: 2,792 cells of 20 patients`. */
export function protocolLine({ protocol, labelSet, part, cells, patients }: Evaluation): string {
  const split = protocol === 'patient-disjoint' ? 'Patient-disjoint split' : `Split: ${protocol}`;
  const of = patients === 0 ? 'unknown patients' : counted(patients, 'patient');
  return `${split}, ${labelSet} labels, part ${part}: ${counted(cells, 'cell')} of ${of}`;
}

/** `threshold 0.431, chosen on val, specificity 0.973` */
export function thresholdLine({ threshold, chosenOn }: Evaluation): string {
  return `threshold ${share(threshold)}, ${chosenOn === null ? 'chosen on no cells' : `chosen on ${chosenOn}`}`;
}
