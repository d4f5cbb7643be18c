import type { BootstrapOptions } from './bootstrap.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type IndeterminateFigures, indeterminateFigures } from './indeterminate.ts';
import { evaluate, type Metrics } from './metrics.ts';
import {
  type ChosenThreshold,
  chooseThreshold,
  curveOf,
  HALF,
  type OperatingPoint,
  operatingPoints,
  type RocReadings,
  rocReadings,
} from './operating-points.ts';
import { healthyPatients, type LabelSet, labelNumber, type PredictionRow } from './prediction.ts';

export type { Figures } from './figures.ts';
export {
  type ChosenThreshold,
  chooseThreshold,
  type OperatingPoint,
} from './operating-points.ts';
export type { PredictionRow } from './prediction.ts';

/** Protocol of a split in which cells of one patient are in more than one part. */
export const LEAKS = 'patients in two parts (leaks)';

/** What the figures are figures of. */
export interface Protocol {
  /** How the parts were made, as `patient-disjoint` or `split-folders`. */
  readonly protocol: string;
  /** Name of the recipe, null where it is not known. */
  readonly recipe: string | null;
  readonly labelSet: LabelSet;
  /** The part that is evaluated. */
  readonly part: string;
}

/** The figures of one fold of a cross-validation, without intervals: a fold has few patients. */
export interface FoldFigures extends Metrics {
  readonly fold: string;
  readonly cells: number;
  readonly patients: number;
}

/** `metrics.json`. */
export interface Evaluation extends Protocol, Figures {
  readonly positive: 'parasitized';
  readonly threshold: number;
  readonly chosenOn: string | null;
  readonly operatingPoints: readonly OperatingPoint[];
  readonly roc: RocReadings | null;
  /** Of a model that abstains. All other figures are of all cells. */
  readonly indeterminate?: IndeterminateFigures;
  /** After cross-validation. */
  readonly folds?: readonly FoldFigures[];
  /** The same cells at the same threshold under other labels, where a second opinion is given. */
  readonly labelSets?: Readonly<Partial<Record<OtherLabelSet, LabelSetFigures>>>;
}

/** The figures under other labels, and of a model that abstains its cannot-tell. */
export type LabelSetFigures = Figures & Pick<Evaluation, 'indeterminate'>;

export type OtherLabelSet = 'relabelled' | 'dropped';

/** Gives predictions the labels of a second opinion. */
export type UnderReview = (
  predictions: readonly PredictionRow[],
) => Readonly<Record<OtherLabelSet, readonly PredictionRow[]>>;

export interface EvaluationOptions extends BootstrapOptions {
  /** Patients none of whose cells is parasitized, as published; told from the predictions where missing. */
  readonly healthy?: ReadonlySet<string>;
  /** The predictions under other labels. */
  readonly labelSets?: Readonly<Partial<Record<OtherLabelSet, readonly PredictionRow[]>>>;
}

/**
 * Metrics of one part of some predictions, at a threshold (the one of `chooseThreshold`, or 0.5 for the part `val`
 * itself, if none is given) and at operating points: 0.5, and those chosen on the part `val`, where the predictions have
 * one and another part is evaluated. Cells of unknown patients count for no patient.
 *
 * @throws EvaluationError `wrong-scores`
 */
export function evaluatePart(
  predictions: readonly PredictionRow[],
  protocol: Protocol,
  chosen: ChosenThreshold = protocol.part === 'val' ? HALF : chooseThreshold(predictions),
  options: EvaluationOptions = {},
): Evaluation {
  const ofPart = (rows: readonly PredictionRow[]) => rows.filter(({ part }) => part === protocol.part);
  const rows = ofPart(predictions);
  const validation = protocol.part === 'val' ? [] : predictions.filter(({ part }) => part === 'val');
  const healthy = options.healthy ?? healthyPatients(predictions);
  const figuresOptions = {
    ...options,
    healthy,
    byCell: protocol.protocol === LEAKS,
  };
  const { cells, patients, ...figures } = figuresOf(rows, chosen.threshold, figuresOptions);
  const curve = curveOf(rows);
  const indeterminate = indeterminateFigures(rows, chosen.threshold, healthy, options);
  const folds = foldFigures(rows, chosen.threshold);
  const labelSets = Object.entries(options.labelSets ?? {}).map(([name, others]) => {
    const own = ofPart(others);
    const abstained = indeterminateFigures(own, chosen.threshold, healthy, options);
    return [
      name,
      {
        ...figuresOf(own, chosen.threshold, figuresOptions),
        ...(abstained ? { indeterminate: abstained } : {}),
      },
    ];
  });
  return {
    ...protocol,
    cells,
    patients,
    positive: 'parasitized',
    ...chosen,
    ...figures,
    operatingPoints: operatingPoints(curve, curveOf(validation)),
    roc: rocReadings(curve),
    ...(indeterminate ? { indeterminate } : {}),
    ...(folds.length > 0 ? { folds } : {}),
    ...(labelSets.length > 0 ? { labelSets: Object.fromEntries(labelSets) } : {}),
  };
}

function foldFigures(rows: readonly PredictionRow[], threshold: number): FoldFigures[] {
  const names = new Set(rows.map(({ fold }) => fold));
  names.delete(undefined);
  const ordered = [...(names as Set<string>)].sort(new Intl.Collator('en', { numeric: true }).compare);
  return ordered.map((fold) => {
    const own = rows.filter((row) => row.fold === fold);
    return {
      fold,
      cells: own.length,
      patients: new Set(own.map(({ patient }) => patient).filter((patient) => patient !== '')).size,
      ...evaluate(
        own.map(({ probability }) => probability),
        own.map(labelNumber),
        threshold,
      ),
    };
  });
}
