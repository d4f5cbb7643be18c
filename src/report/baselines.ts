import type { Evaluation } from '../evaluation/evaluate.ts';
import { range, share } from '../figures/numbers.ts';
import { type Html, html } from './html.ts';
import { table } from './parts.ts';

/** What classifiers that look at no parasite reach on the same cells. */
export interface Baseline {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** The network beside the baselines, in a table. */
export function baselinePart(network: Evaluation, baselines: readonly Baseline[]): Html {
  const rows = [{ name: 'the network', evaluation: network }, ...baselines];
  return html`<h3>Beside what needs no network</h3>
<p>Logistic regressions of simple features, fitted to the same patients and tested on the same cells. A network that does not beat them has learnt nothing of parasites.</p>
${table(
  'ROC AUC on the same cells',
  [
    { title: 'What is known of a cell' },
    { title: 'ROC AUC', number: true },
    { title: '95 % interval', number: true },
    { title: 'Accuracy', number: true },
  ],
  rows.map(({ name, evaluation: { rocAuc, intervals, accuracy } }) => [
    name,
    share(rocAuc),
    intervals?.['rocAuc'] ? range(intervals['rocAuc']) : 'none',
    share(accuracy),
  ]),
)}`;
}
