import type { Comparison, Difference } from '../evaluation/compare.ts';
import type { IntervalName } from '../evaluation/weighted-figures.ts';
import type { ComparedPair, RunsComparison } from './compare-runs.ts';
import { formatInterval, formatShare } from './numbers.ts';
import { formatTable, type Row } from './output.ts';

/** One row a run, label set and figure; differences are from the first run, on the cells both have. */
export const COMPARISON_COLUMNS = [
  'run',
  'protocol',
  'recipe',
  'part',
  'labelSet',
  'cells',
  'patients',
  'threshold',
  'figure',
  'value',
  'low',
  'high',
  'difference',
  'differenceLow',
  'differenceHigh',
];

const SHOWN: readonly (readonly [IntervalName, string])[] = [
  ['rocAuc', 'ROC AUC'],
  ['prAuc', 'PR AUC'],
  ['accuracy', 'accuracy'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['mcc', 'MCC'],
  ['brier', 'Brier'],
];

export function comparisonRows({ runs, pairs }: RunsComparison): Row[] {
  return runs.flatMap(({ path, evaluation }, i) => {
    const differences = i > 0 ? differencesOf(pairs[i - 1]) : {};
    const { protocol, recipe, part, threshold, labelSets = {} } = evaluation;
    const shared = { run: path, protocol, recipe, part, threshold };
    return Object.entries({ published: evaluation, ...labelSets }).flatMap(([labelSet, figures]) =>
      SHOWN.map(([figure]): Row => {
        const [low, high] = figures.intervals[figure] ?? [];
        const difference = differences[labelSet]?.[figure];
        const [differenceLow, differenceHigh] = difference?.interval ?? [];
        return {
          ...shared,
          labelSet,
          cells: figures.cells,
          patients: figures.patients,
          figure,
          value: figures[figure],
          low,
          high,
          difference: difference?.difference,
          differenceLow,
          differenceHigh,
        };
      }),
    );
  });
}

/** The runs side by side, then what each differs from the first, in points (hundredths). */
export function comparisonText({ runs, pairs }: RunsComparison): string {
  const sections = [runsText(runs)];
  for (const [name, title] of SHOWN.slice(0, 6)) {
    const labelSets = Object.keys({ published: 0, ...runs[0].evaluation.labelSets });
    const rows = runs.map(({ evaluation }, i) => {
      const sets = { published: evaluation, ...evaluation.labelSets };
      return Object.fromEntries([
        [title, `${i + 1}`],
        ...labelSets.map((set) => [set, formatShare(sets[set as keyof typeof sets]?.[name] ?? null)]),
        ['95 % (published)', formatInterval(evaluation.intervals[name])],
      ]);
    });
    sections.push(formatTable(rows, Object.keys(rows[0])));
  }
  pairs.forEach((pair, i) => {
    sections.push(pairText(pair, i + 2));
  });
  const few = runs.some(({ evaluation }) => evaluation.intervalMethod.warning === 'too few patients');
  if (few) sections.push('Intervals: too few patients; do not rely on them.\n');
  return sections.join('\n');
}

function runsText(runs: RunsComparison['runs']): string {
  const rows = runs.map(({ path, evaluation }, i) => ({
    run: `${i + 1}`,
    cells: evaluation.cells,
    patients: evaluation.patients,
    threshold: evaluation.threshold,
    'what it is': `${path} (${evaluation.part}, ${evaluation.protocol})`,
  }));
  return formatTable(rows, Object.keys(rows[0]));
}

/** By label set. */
function differencesOf(pair: ComparedPair): Readonly<Record<string, Comparison['differences']>> {
  return { published: pair.differences, ...pair.labelSets };
}

function pairText(pair: ComparedPair, number: number): string {
  const of = pair.paired ? `on the ${pair.matched} cells of both` : 'each on its own cells';
  const unit = pair.unit === 'patient' ? 'patients' : 'cells';
  const tables = Object.entries(differencesOf(pair)).map(([labelSet, differences]) => {
    const rows = SHOWN.flatMap(([name, figure]) => {
      const difference = differences[name];
      return difference ? [differenceRow(figure, difference)] : [];
    });
    const title = pair.labelSets === undefined ? 'figure' : labelSet;
    return formatTable(
      rows.map(({ figure, ...row }) => ({ [title]: figure, ...row })),
      [title, 'points', '95 %', 'note'],
    );
  });
  return [
    `${number} less 1, ${of}, in points (hundredths), 95 % over ${unit}:`,
    tables.join('\n').trimEnd(),
    ...pair.cautions.map((caution) => `Note: ${caution}.`),
    '',
  ].join('\n');
}

function differenceRow(figure: string, { difference, interval }: Difference): Row {
  const points = (value: number) => `${value < 0 ? '-' : '+'}${(100 * Math.abs(value)).toFixed(2)}`;
  const holdsZero = interval !== null && interval[0] <= 0 && interval[1] >= 0;
  return {
    figure,
    points: points(difference),
    '95 %': interval ? `${points(interval[0])} to ${points(interval[1])}` : '',
    note: holdsZero ? 'may be chance' : '',
  };
}
