import type { Spread } from '../evaluation/per-patient.ts';
import { count, counted, percent, perThousand, roughly } from '../figures/numbers.ts';
import { METRICS } from './metric-titles.ts';
import type { ModelCard } from './model-card.ts';
import { versionsText } from './versions.ts';

/** A model card as Markdown: model-card.md. Figures have four decimals; model-card.json has all digits. */
export function modelCardText(card: ModelCard): string {
  const { model, giemsa, resumedWith, seed } = card;
  return [
    `# Model card: ${inline(model)}`,
    `Made by giemsa ${versionsText(giemsa, resumedWith)}; seed ${seed}. All numbers are those of the run; model-card.json has all digits.`,
    '## Use',
    list(card.intendedUse),
    `**${card.notFor[0]}**`,
    list(card.notFor.slice(1)),
    '## Data',
    dataText(card),
    '## Protocol',
    protocolText(card),
    '## Figures',
    figuresText(card),
    labelSetsText(card),
    indeterminateText(card),
    foldsText(card),
    '## From patient to patient',
    spreadText(card),
    '## Healthy patients',
    healthyText(card),
    '## What a call of parasitized is worth where fewer cells are infected',
    ppvText(card),
    '## Failures and limits',
    list(card.limits.map(inline)),
    '## Cost',
    costText(card),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function dataText({ data: { citation, labelSet, cells, leftOut, fingerprint } }: ModelCard): string {
  return list([
    ...(citation === null ? [] : [`${citation}.`]),
    `Labels trained on: ${labelSet}.`,
    ...(cells === null
      ? []
      : [
          `${count(cells.train)} cells to train, ${count(cells.val)} to validate, ${count(cells.test)} to test.`,
        ]),
    ...(leftOut > 0 ? [`${counted(leftOut, 'cell')} left out: unreadable.`] : []),
    `Fingerprint \`${fingerprint}\`.`,
  ]);
}

function protocolText({ protocol: of, data }: ModelCard): string {
  const chosenOn =
    of.chosenOn === null ? 'chosen on no cells' : `chosen on ${inline(of.chosenOn)}, ${data.labelSet} labels`;
  const patients = of.patients === 0 ? 'unknown patients' : counted(of.patients, 'patient');
  return list([
    `${inline(of.protocol)}; part ${inline(of.part)}, ${of.labelSet} labels: ${counted(of.cells, 'cell')} of ${patients}.`,
    `Positive: ${of.positive}, at threshold ${figure(of.threshold)}, ${chosenOn}.`,
    `True positives ${of.counts.tp}, false negatives ${of.counts.fn}, true negatives ${of.counts.tn}, false positives ${of.counts.fp}.`,
    `Split \`${of.splitFingerprint}\`.`,
  ]);
}

function figuresText({ figures, intervalMethod: { unit, method, resamples, warning } }: ModelCard): string {
  const rows = METRICS.map(([name, title]) => {
    const { value, interval } = figures[name];
    return [title, figure(value), interval ? `${figure(interval[0])} to ${figure(interval[1])}` : 'none'];
  });
  const over = unit === 'patient' ? 'over patients' : 'over cells';
  return `${table(['figure', 'value', `95 % interval, ${over}`], rows)}\n\nIntervals: ${method}, ${count(resamples)} resamples${warning === null ? '' : `; ${warning}`}.`;
}

function labelSetsText({ figures, protocol: { cells }, labelSets }: ModelCard): string {
  if (labelSets === null) return '';
  const names = ['rocAuc', 'sensitivity', 'specificity', 'accuracy', 'mcc', 'ece'] as const;
  const titles = names.map((name) => METRICS.find(([metric]) => metric === name)?.[1] ?? name);
  const rows = Object.entries({ published: { cells, figures }, ...labelSets }).map(([labels, of]) => {
    const { interval } = of.figures.rocAuc;
    const [rocAuc, ...others] = names.map((name) => figure(of.figures[name].value));
    const range = interval ? ` (${figure(interval[0])} to ${figure(interval[1])})` : '';
    return [labels, `${of.cells}`, `${rocAuc}${range}`, ...others];
  });
  return `The same calls under other labels (relabelled: as a second opinion has them; dropped: without the cells it doubts):\n\n${table(['labels', 'cells', ...titles], rows)}`;
}

function indeterminateText({ indeterminate, labelSets }: ModelCard): string {
  if (indeterminate === null) return '';
  const { cells, share, reasons } = indeterminate;
  const why = Object.entries(reasons).map(([reason, of]) => `${inline(reason)} ${of}`);
  const without = Object.entries({ published: { indeterminate }, ...labelSets }).flatMap(([labels, of]) =>
    of.indeterminate?.called ? [`${figure(of.indeterminate.called.accuracy)} (${labels} labels)`] : [],
  );
  const accuracy = without.length > 0 ? ` Accuracy without them: ${without.join(', ')}.` : '';
  return `It cannot tell of ${counted(cells, 'cell')}, ${percent(share)}${why.length > 0 ? `: ${why.join(', ')}` : ''}; in all figures above they are called by their probability.${accuracy}`;
}

function foldsText({ folds }: ModelCard): string {
  if (folds === null) return '';
  return table(
    ['fold', 'patients', 'ROC AUC', 'accuracy', 'MCC'],
    folds.map(({ fold, patients, rocAuc, accuracy, mcc }) => [
      inline(fold),
      `${patients}`,
      ...[rocAuc, accuracy, mcc].map(figure),
    ]),
  );
}

function spreadText({ betweenPatients: { sensitivity, specificity } }: ModelCard): string {
  const row = (name: string, spread: Spread | null) =>
    spread === null
      ? []
      : [
          [
            name,
            `${spread.patients}`,
            ...[spread.minimum, spread.percentile10, spread.median, spread.percentile90].map(figure),
          ],
        ];
  const rows = [...row('sensitivity', sensitivity), ...row('specificity', specificity)];
  if (rows.length === 0) return 'No patient has ten cells of a label, or patients are not known.';
  return `${table(['figure', 'patients', 'least', '10th percentile', 'median', '90th percentile'], rows)}\n\nOf patients with ten cells or more of the label.`;
}

function healthyText({ healthy, indeterminate, protocol, data, labelSets }: ModelCard): string {
  if (healthy === null) return 'None here: what the model calls on blood without parasites is not known.';
  const { patients, cells, falseCalls, per1000, interval, upper, perMicrolitre, upperPerMicrolitre } =
    healthy;
  // A threshold for a sensitivity is of use by the labels that the model has learnt.
  const trainedOn = data.labelSet === 'published' ? undefined : labelSets?.[data.labelSet];
  return `${count(falseCalls)} of ${counted(cells, 'cell')} of ${counted(patients, 'healthy patient')} are called parasitized: ${per1000.toFixed(1)} of 1,000 (95 % interval ${interval.map((value) => value.toFixed(1)).join(' to ')}; one-sided, at most ${upper.toFixed(1)}). At ${count(healthy.redCellsPerMicrolitre)} red cells a microlitre, blood without parasites would read as ${roughly(perMicrolitre)} parasites a microlitre, at most (one-sided, 95 %) ${roughly(upperPerMicrolitre)}.${byItself(indeterminate)}${healthyTable(healthy, protocol.labelSet)}${trainedOn?.healthy ? healthyTable(trainedOn.healthy, data.labelSet) : ''}`;
}

function byItself(indeterminate: ModelCard['indeterminate']): string {
  if (!indeterminate?.healthy) return '';
  const { healthy } = indeterminate;
  return ` Without those of which it cannot tell: ${count(healthy.falseCalls)}, ${perThousand(healthy)} of 1,000, at most ${healthy.upper.toFixed(1)}; ${roughly(healthy.perMicrolitre)} a microlitre.`;
}

function healthyTable({ atSensitivity }: NonNullable<ModelCard['healthy']>, labels: string): string {
  if (atSensitivity.length === 0) return '';
  const rows = atSensitivity.map((at) => [
    percent(at.sensitivity),
    figure(at.threshold),
    perThousand(at),
    at.upper.toFixed(1),
    roughly(at.perMicrolitre),
  ]);
  return `\n\nWhere it finds a share of the parasitized cells (${labels} labels), at a threshold read off these very cells:\n\n${table(['sensitivity', 'threshold', 'false calls in 1,000 (95 %)', 'at most', 'parasites a microlitre'], rows)}`;
}

function costText({ cost }: ModelCard): string {
  const { parameters, multiplyAdds, platelets, trainingSeconds, resultSeconds } = cost;
  return list([
    `${count(parameters.trainable)} trainable parameters, ${count(parameters.other)} others.`,
    `${count(multiplyAdds)} multiply-adds a cell.`,
    ...(platelets === null
      ? []
      : [
          `A network that tells platelets, asked about cells called parasitized: ${count(platelets.parameters.trainable)} trainable parameters, ${count(platelets.multiplyAdds)} multiply-adds.`,
        ]),
    trainingSeconds === null
      ? 'Time of training not recorded.'
      : `${count(trainingSeconds)} s of training and validation${resultSeconds === null ? '' : `, ${count(resultSeconds)} s of what follows it`}.`,
  ]);
}

function ppvText({ ppvAt }: ModelCard): string {
  const rows = ppvAt.map(({ infected, ppv }) => [percent(infected), figure(ppv)]);
  return table(['infected cells', 'PPV'], rows);
}

function figure(value: number | null): string {
  return value === null ? 'not defined' : value.toFixed(4);
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A name that a user gave, on one line and without meaning to Markdown. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');
}
