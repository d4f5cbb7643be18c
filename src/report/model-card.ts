import type { Evaluation, FoldFigures, OtherLabelSet } from '../evaluation/evaluate.ts';
import type { Interval } from '../evaluation/interval.ts';
import { patientTable } from '../evaluation/per-patient.ts';
import type { LabelSet, PredictionRow } from '../evaluation/prediction.ts';
import { counted, percent } from '../figures/numbers.ts';
import { countMultiplyAdds, countParameters, resolve } from '../network/graph.ts';
import type { Network } from '../network/network.ts';
import { plateletNetwork } from '../recipes/platelet-network.ts';
import type { PackageVersion } from '../training/version.ts';
import { assessment } from './assessment.ts';
import type { RunFacts } from './configuration.ts';
import { creditOf } from './credit.ts';
import { METRICS, type MetricName } from './metric-titles.ts';

/**
 * What a reader must know of a model before using it (Mitchell et al. 2019, "Model cards for model reporting", arXiv 1810.03993):
 * model-card.json. Every number is that of the run's files.
 */
export interface ModelCard {
  /** Of the recipe. */
  readonly model: string;
  /** What the run was started with, and with what else it was gone on with, in order. */
  readonly giemsa: PackageVersion;
  readonly resumedWith: readonly PackageVersion[];
  readonly seed: number;
  readonly intendedUse: readonly string[];
  readonly notFor: readonly string[];
  readonly data: {
    readonly fingerprint: string;
    /** Null where the names of the cells do not tell whose they are. */
    readonly citation: string | null;
    /** Labels trained on. */
    readonly labelSet: LabelSet;
    /** Cells of each part; null after a cross-validation. */
    readonly cells: { readonly train: number; readonly val: number; readonly test: number } | null;
    readonly leftOut: number;
  };
  readonly protocol: Pick<
    Evaluation,
    'protocol' | 'labelSet' | 'part' | 'cells' | 'patients' | 'positive' | 'threshold' | 'chosenOn' | 'counts'
  > & { readonly splitFingerprint: string };
  readonly figures: Readonly<
    Record<MetricName, { readonly value: number | null; readonly interval: Interval | null }>
  >;
  readonly intervalMethod: Evaluation['intervalMethod'];
  /** Of a model that abstains; in all other figures these cells are called by their probability. */
  readonly indeterminate: NonNullable<Evaluation['indeterminate']> | null;
  /** The same calls under the labels of a second opinion; null where none was given. */
  readonly labelSets: Readonly<Partial<Record<OtherLabelSet, LabelSetCard>>> | null;
  /** After a cross-validation. */
  readonly folds: readonly Pick<FoldFigures, 'fold' | 'patients' | 'rocAuc' | 'accuracy' | 'mcc'>[] | null;
  readonly betweenPatients: Evaluation['betweenPatients'];
  readonly healthy: Evaluation['healthy'];
  readonly ppvAt: Evaluation['ppvAt'];
  readonly calibration: Evaluation['calibration'];
  /** A sentence each: what to make of the figures, what is known to go wrong, what was never tried. */
  readonly limits: readonly string[];
  readonly cost: {
    readonly parameters: { readonly trainable: number; readonly other: number };
    /** Of one cell. */
    readonly multiplyAdds: number;
    /** Of the network that tells platelets, which is asked about cells called parasitized; null where there is none. */
    readonly platelets: Pick<ModelCard['cost'], 'parameters' | 'multiplyAdds'> | null;
    /** Of training and validation; null where run.json does not say. */
    readonly trainingSeconds: number | null;
    /** Of what follows: calibration, predictions, what tells platelets. */
    readonly resultSeconds: number | null;
  };
}

export interface LabelSetCard {
  readonly cells: number;
  readonly figures: ModelCard['figures'];
  readonly indeterminate: ModelCard['indeterminate'];
  readonly healthy: ModelCard['healthy'];
}

export interface ModelCardEvidence {
  readonly run: RunFacts;
  readonly evaluation: Evaluation;
  /** Of the part that is evaluated. */
  readonly predictions: readonly PredictionRow[];
  /** What the reader must know before all else, as that the cells are drawn. */
  readonly warning?: string | undefined;
}

const INTENDED_USE = [
  'To tell parasitized from uninfected red blood cells, one segmented cell an image, cut from Giemsa-stained thin blood smears.',
  'For research, teaching and the comparison of methods on the same cells.',
];

const NOT_FOR = [
  'Not for clinical use: it is no medical device, and no diagnosis may rest on it.',
  'Not for whole fields of view, thick smears, other stains, or cells that were not cut out.',
  'It tells neither species nor stage, and counts no parasites.',
];

/** The model card of a finished run. The same run gives the same card. */
export function modelCard({ run, evaluation, predictions, warning }: ModelCardEvidence): ModelCard {
  const { giemsa, resumedWith = [], recipe, seed, data, split, leftOut, times } = run;
  const { protocol, labelSet, part, cells, patients, positive, threshold, chosenOn, counts } = evaluation;
  const citation = creditOf(predictions.map(({ name }) => name)) ?? null;
  return {
    model: recipe.name,
    giemsa: { version: giemsa.version, commit: giemsa.commit },
    resumedWith: resumedWith.map(({ version, commit }) => ({ version, commit })),
    seed,
    intendedUse: INTENDED_USE,
    notFor: NOT_FOR,
    data: {
      fingerprint: data.fingerprint,
      citation,
      labelSet: data.labelSet,
      cells: split.cells ?? null,
      leftOut: leftOut.length,
    },
    protocol: {
      ...{ protocol, labelSet, part, cells, patients, positive, threshold, chosenOn, counts },
      splitFingerprint: split.fingerprint,
    },
    figures: figuresOf(evaluation),
    intervalMethod: evaluation.intervalMethod,
    indeterminate: evaluation.indeterminate ?? null,
    labelSets: labelSetCards(evaluation),
    folds:
      evaluation.folds?.map(({ fold, patients: of, rocAuc, accuracy, mcc }) => ({
        ...{ fold, patients: of, rocAuc, accuracy, mcc },
      })) ?? null,
    betweenPatients: evaluation.betweenPatients,
    healthy: evaluation.healthy,
    ppvAt: evaluation.ppvAt,
    calibration: evaluation.calibration,
    limits: [
      ...(warning === undefined ? [] : [warning]),
      ...assessment(evaluation),
      ...knownLimits(evaluation, predictions, citation !== null),
    ],
    cost: {
      ...costOf(recipe.network),
      platelets: evaluation.indeterminate ? costOf(plateletNetwork(recipe.preprocessing)) : null,
      trainingSeconds: times.seconds ?? null,
      resultSeconds: times.results ?? null,
    },
  };
}

function costOf(network: Network): Pick<ModelCard['cost'], 'parameters' | 'multiplyAdds'> {
  const graph = resolve(network);
  return { parameters: countParameters(graph), multiplyAdds: countMultiplyAdds(graph) };
}

function figuresOf(evaluation: Pick<Evaluation, MetricName | 'intervals'>): ModelCard['figures'] {
  const figures = METRICS.map(([name]) => [
    name,
    { value: evaluation[name], interval: evaluation.intervals[name] ?? null },
  ]);
  return Object.fromEntries(figures);
}

function labelSetCards({ labelSets }: Evaluation): ModelCard['labelSets'] {
  if (labelSets === undefined) return null;
  const cards = Object.entries(labelSets).map(([name, of]): [string, LabelSetCard] => [
    name,
    {
      cells: of.cells,
      figures: figuresOf(of),
      indeterminate: of.indeterminate ?? null,
      healthy: of.healthy ?? null,
    },
  ]);
  return Object.fromEntries(cards);
}

/** A patient with fewer parasitized cells says more of chance than of the model. */
const LEAST_CELLS = 10;
const WORST = 3;

function knownLimits(evaluation: Evaluation, predictions: readonly PredictionRow[], nih: boolean): string[] {
  const { threshold, ppvAt, calibration, counts } = evaluation;
  const parasitized = (counts.tp + counts.fn) / evaluation.cells;
  const worst = patientTable(predictions, threshold)
    .filter((row) => row.parasitized >= LEAST_CELLS)
    .toSorted((a, b) => (a.sensitivity ?? 0) - (b.sensitivity ?? 0))
    .slice(0, WORST)
    .map((row) => `${row.patient} (${row.tp} of ${counted(row.parasitized, 'cell')} found)`);
  const [rare] = ppvAt;
  return [
    ...(worst.length > 0
      ? [
          `It varies between patients; of those with ten parasitized cells or more, it does worst on ${worst.join(', ')}.`,
        ]
      : []),
    ...(rare !== undefined && rare.ppv !== null
      ? [
          `Of the cells here, ${percent(parasitized)} are parasitized; where ${percent(rare.infected)} are, a call of parasitized is right in ${percent(rare.ppv)} of cases.`,
        ]
      : []),
    ...(calibration
      ? [
          `Its probabilities have a calibration slope of ${calibration.slope.toFixed(2)} here (1 is right; below, it is too sure); elsewhere they may be off by more.`,
        ]
      : []),
    nih
      ? 'The published labels are those of one annotator; a second opinion doubts about 5 % of them, so part of the errors counted here are errors of labels.'
      : 'Labels are taken as given: an error of the model and one of a label are not told apart.',
    'Platelets, specks of stain and dirt on a cell or at its edge are called parasitized more often than clean cells are.',
    'Other laboratories, stains, cameras and species may give clearly different figures; try it on labelled cells of your own first.',
  ];
}
