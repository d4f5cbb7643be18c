import type { Evaluation } from '../evaluation/evaluate.ts';
import type { Intervals } from '../evaluation/intervals.ts';
import { type PatientRow, patientTable } from '../evaluation/per-patient.ts';
import type { LabelSet } from '../evaluation/prediction.ts';
import type { Figure } from '../figures/frame.ts';
import { count, counted, percent, perThousand, range, roughly, share } from '../figures/numbers.ts';
import { assessment } from './assessment.ts';
import { type Baseline, baselinePart } from './baselines.ts';
import { configuration, type RunFacts } from './configuration.ts';
import { protocolLine, thresholdLine } from './headline.ts';
import { type Html, html } from './html.ts';
import { METRICS, type MetricName } from './metric-titles.ts';
import { page } from './page.ts';
import { figureGrid, figurePart, notice, table } from './parts.ts';
import { MODELS_OWN, pointsOf, type RunEvidence } from './run-figures.ts';

export interface RunReport extends RunEvidence {
  readonly run: RunFacts;
  readonly figures: readonly Figure[];
  /** What the reader must know before all else, as that the cells are drawn. */
  readonly warning?: string | undefined;
  /** Put beside the network's figures. */
  readonly baselines?: readonly Baseline[] | undefined;
}

/** Images with their numbers below them. */
const GALLERIES = ['batch', 'worst-mistakes'];

/** The report of a run as one HTML file. */
export function runReport(report: RunReport): string {
  const { run, evaluation, predictions, figures, images, warning, baselines } = report;
  const { intervalMethod } = evaluation;
  const patients = patientTable(predictions, evaluation.threshold);
  return page({
    title: `Recipe ${run.recipe.name}, random seed ${run.seed}`,
    protocol: `${protocolLine(evaluation)}; ${thresholdLine(evaluation)}. Positive: parasitized.`,
    madeBy: `Made by giemsa ${run.giemsa.version}, command giemsa report`,
    body: html`${warning !== undefined && notice(warning)}<h2>What to make of it</h2>
${assessment(evaluation).map((sentence) => html`<p class="summary">${sentence}</p>\n`)}<h2>Metrics</h2>
${metricTable(evaluation)}${intervalMethod && html`<p>Intervals: ${intervalMethod.method}, ${count(intervalMethod.resamples)} resamples${intervalMethod.warning !== null && `; ${intervalMethod.warning}`}.</p>\n`}${labelSetTable(evaluation)}${pointTable(evaluation, run.data.labelSet)}${baselines && baselinePart(evaluation, baselines)}${indeterminatePart(evaluation)}${healthyPart(evaluation, run.data.labelSet)}${ppvTable(evaluation)}<h2>Figures</h2>
${figureGrid(figures.map((figure) => figurePart(figure, { caption: !GALLERIES.includes(figure.name) })))}${
  !images && html`<p>To see the cells, the worst mistakes among them: giemsa report RUN --data DIR.</p>\n`
}${patients.length > 0 && html`<h2>Patient by patient</h2>\n${patientPart(evaluation, patients)}`}<h2>Configuration</h2>
${configuration(run)}`,
  });
}

function metricTable(evaluation: Evaluation): Html {
  const { intervals, intervalMethod, cellIntervals } = evaluation;
  const rangeOf = (of: Intervals, name: MetricName) => {
    const interval = of[name];
    return interval ? range(interval) : 'none';
  };
  return table(
    `Metrics at the ${thresholdLine(evaluation)}`,
    [
      { title: 'Metric' },
      { title: 'Value', number: true },
      { title: `95 % interval, over ${intervalMethod.unit}s`, number: true },
      ...(cellIntervals ? [{ title: 'The same over cells: too narrow', number: true }] : []),
    ],
    METRICS.map(([name, title]) => [
      title,
      share(evaluation[name]),
      rangeOf(intervals, name),
      ...(cellIntervals ? [rangeOf(cellIntervals, name)] : []),
    ]),
  );
}

function labelSetTable({ labelSets, ...published }: Evaluation): Html | undefined {
  if (labelSets === undefined) return undefined;
  const abstains = published.indeterminate !== undefined;
  const titles = [
    'Cells',
    'ROC AUC',
    '95 % interval',
    'Sensitivity',
    'Specificity',
    'Accuracy',
    'MCC',
    'ECE',
  ];
  return html`<p>A second opinion doubts some labels. Relabelled: as it has them; dropped: without the cells it doubts. The calls are the same.</p>
${table(
  'Under other labels',
  [
    { title: 'Labels' },
    ...titles.map((title) => ({ title, number: true })),
    ...(abstains ? [{ title: 'Accuracy without indeterminate', number: true }] : []),
  ],
  Object.entries({ published, ...labelSets }).map(([name, figures]) => {
    const { cells, rocAuc, intervals, sensitivity, specificity, accuracy, mcc, ece, indeterminate } = figures;
    return [
      name,
      count(cells),
      share(rocAuc),
      intervals.rocAuc ? range(intervals.rocAuc) : 'none',
      ...[sensitivity, specificity, accuracy, mcc, ece].map(share),
      ...(abstains ? [share(indeterminate?.called?.accuracy ?? null)] : []),
    ];
  }),
)}`;
}

/** @param trainedOn the labels in which the model chose its threshold; all other points are chosen in the published ones */
function pointTable(evaluation: Evaluation, trainedOn: string): Html {
  const titles = ['Threshold', 'Sensitivity', 'Specificity', 'PPV', 'NPV', 'Accuracy', 'MCC'];
  return table(
    'Operating points; the model’s own is marked',
    [{ title: 'Chosen for' }, { title: 'Chosen on' }, ...titles.map((title) => ({ title, number: true }))],
    pointsOf(evaluation).map((point) => [
      point.chosen && point.name !== MODELS_OWN ? `${point.name} (the model’s)` : point.name,
      `${point.chosenOn ?? 'nothing'}${point.name === MODELS_OWN && trainedOn !== 'published' ? `, ${trainedOn} labels` : ''}`,
      ...[
        point.threshold,
        point.sensitivity,
        point.specificity,
        point.ppv,
        point.npv,
        point.accuracy,
        point.mcc,
      ].map(share),
    ]),
  );
}

function indeterminatePart({ cells, indeterminate }: Evaluation): Html | undefined {
  if (indeterminate === undefined) return undefined;
  const { called } = indeterminate;
  const without =
    called &&
    html` Without them: sensitivity ${share(called.sensitivity)}, specificity ${share(called.specificity)}, accuracy ${share(called.accuracy)}, MCC ${share(called.mcc)}.`;
  return html`<h3>Indeterminate cells</h3>
<p>The model says of ${count(indeterminate.cells)} of ${counted(cells, 'cell')} (${percent(indeterminate.share)}) that it cannot tell. In all other figures here they are called by their probability.${without}</p>
${table(
  'Why cells are indeterminate',
  [{ title: 'Reason' }, { title: 'Cells', number: true }],
  Object.entries(indeterminate.reasons).map(([reason, cells]) => [reason, count(cells)]),
)}`;
}

function healthyPart(
  { healthy, indeterminate, labelSet, labelSets }: Evaluation,
  trainedOn: LabelSet,
): Html | undefined {
  if (!healthy || healthy.cells === 0) return undefined;
  const itself = indeterminate?.healthy;
  const underTrained = trainedOn === 'published' ? undefined : labelSets?.[trainedOn]?.healthy;
  return html`<h3>Cells of healthy patients</h3>
<p>${count(healthy.falseCalls)} of ${counted(healthy.cells, 'cell')} of ${counted(healthy.patients, 'healthy patient')} are called parasitized: ${perThousand(healthy)} of 1,000 (in brackets 95 % intervals; one-sided, at most ${healthy.upper.toFixed(1)}). At ${count(healthy.redCellsPerMicrolitre)} red cells a microlitre, a slide without parasites would read as ${roughly(healthy.perMicrolitre)} parasites a microlitre, at most (one-sided, 95 %) ${roughly(healthy.upperPerMicrolitre)}.${itself && html` Without those of which it cannot tell: ${count(itself.falseCalls)}, ${perThousand(itself)} of 1,000, ${roughly(itself.perMicrolitre)} a microlitre.`}</p>
${healthyTable(healthy, labelSet)}${underTrained && healthyTable(underTrained, trainedOn)}`;
}

function healthyTable(
  { atSensitivity }: NonNullable<Evaluation['healthy']>,
  labelSet: LabelSet,
): Html | undefined {
  if (atSensitivity.length === 0) return undefined;
  return table(
    `False calls on healthy blood where a share of the parasitized cells is found (${labelSet} labels, thresholds read off these very cells)`,
    [
      { title: 'Sensitivity' },
      ...['Threshold', 'In 1,000 cells (95 %)', 'At most', 'Parasites a microlitre', 'At most'].map(
        (title) => ({
          title,
          number: true,
        }),
      ),
    ],
    atSensitivity.map((at) => [
      percent(at.sensitivity),
      share(at.threshold),
      perThousand(at),
      at.upper.toFixed(1),
      roughly(at.perMicrolitre),
      roughly(at.upperPerMicrolitre),
    ]),
  );
}

function ppvTable({ ppvAt }: Evaluation): Html | undefined {
  if (ppvAt.every(({ ppv }) => ppv === null)) return undefined;
  return table(
    'What a call of parasitized is worth where fewer cells are infected than here',
    [{ title: 'Infected cells' }, { title: 'PPV', number: true }],
    ppvAt.map(({ infected, ppv }) => [percent(infected), share(ppv)]),
  );
}

function patientPart({ threshold }: Evaluation, patients: readonly PatientRow[]): Html {
  const titles = ['Parasitized', 'Called so', 'Sensitivity', 'Uninfected', 'Called so', 'Specificity'];
  return table(
    `Cells of each patient, and what they are called at the threshold ${share(threshold)}`,
    [{ title: 'Patient' }, ...titles.map((title) => ({ title, number: true }))],
    patients.map(({ patient, parasitized, tp, sensitivity, uninfected, tn, specificity }) => [
      patient,
      ...[parasitized, tp].map(count),
      sensitivity === null ? '' : share(sensitivity),
      ...[uninfected, tn].map(count),
      specificity === null ? '' : share(specificity),
    ]),
  );
}
