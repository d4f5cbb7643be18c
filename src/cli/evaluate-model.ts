import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from '../dataset/cell.ts';
import { type Dataset, openDataset } from '../dataset/dataset.ts';
import {
  applyLabelSet,
  type LabelSet,
  type ReviewRow,
  readReview,
  underReview,
} from '../dataset/label-sets.ts';
import { type SplitRow, splitFingerprint } from '../dataset/split.ts';
import { type Evaluation, evaluatePart, LEAKS } from '../evaluation/evaluate.ts';
import type { ChosenThreshold } from '../evaluation/operating-points.ts';
import { healthyPatients, type PredictionRow } from '../evaluation/prediction.ts';
import { loadClassifier } from '../load-classifier.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { cellsOfSplit, patientsFromSplit, protocolOf } from '../training/parts.ts';
import { readSplitOf } from './open-run.ts';
import { note } from './output.ts';
import { predictCells } from './predict-cells.ts';

export interface EvaluateModelOptions {
  /** Its file; the package's own where missing. */
  readonly model?: string;
  readonly data: string;
  readonly split?: string;
  /** Of the split; `test` where missing. */
  readonly part?: string;
  readonly labelFolders?: readonly [string, string];
  readonly patients?: readonly string[];
  readonly labelSet: LabelSet;
  readonly review?: string;
  readonly threads: number;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly quiet?: boolean;
  /** Called for each image that cannot be read; it is in no figure. */
  readonly onUnreadable: (path: string, reason: string) => void;
}

export interface EvaluatedModel {
  readonly evaluation: Evaluation;
  /** Of the part that was evaluated. */
  readonly predictions: readonly PredictionRow[];
}

/** The part of cells that are in no split. */
const ALL = 'all';

type PlacedCell = Cell & { readonly part: string };
type PlacedPrediction = PlacedCell & PredictionRow;

/** Predicts the cells of one part, and of the validation part for thresholds to be chosen on, and evaluates them. */
export async function evaluateModel(options: EvaluateModelOptions): Promise<EvaluatedModel> {
  const opened = await openDataset(options.data, {
    ...(options.labelFolders ? { labelFolders: options.labelFolders } : {}),
    ...(options.patients ? { patients: options.patients } : {}),
  });
  try {
    for (const { path, message } of opened.problems) options.onUnreadable(path, message);
    const split = options.split === undefined ? undefined : await readSplitOf(opened, options.split);
    const dataset = split ? { ...opened, cells: patientsFromSplit(opened.cells, split) } : opened;
    const part = split === undefined ? ALL : (options.part ?? 'test');
    const review = options.review === undefined ? [] : await readReview(options.review, dataset.cells);
    const cells = placedCells(dataset, split, part, review, options);
    const classifier = await loadClassifier(options.model, { threads: options.threads });
    try {
      const { metadata } = classifier.model;
      const chosen = thresholdFor(part, metadata, split);
      if (!options.quiet) {
        for (const text of [...dataset.notes, ...cautions(metadata, dataset, split)]) note(text);
        if (chosen.threshold !== metadata.threshold) {
          note(
            `Figures at the threshold 0.5: the model’s own, ${metadata.threshold}, was chosen on these very cells.`,
          );
        }
      }
      const predictions: PlacedPrediction[] = [];
      const predicting = { threads: options.threads, threshold: chosen.threshold };
      for await (const { cell, probability, error, reason } of predictCells(classifier, cells, predicting)) {
        if (probability === null) options.onUnreadable(cell.path, error ?? 'unreadable');
        else predictions.push({ ...cell, probability, ...(metadata.abstention ? { reason } : {}) });
      }
      const evaluation = evaluatePart(
        predictions,
        {
          protocol: protocolFor(metadata, split),
          recipe: metadata.recipe.name,
          labelSet: options.labelSet,
          part,
        },
        chosen,
        {
          seed: options.seed,
          healthy: healthyPatients(dataset.cells),
          ...(options.review !== undefined && options.labelSet === 'published'
            ? { labelSets: underReview(dataset.cells, predictions, review, ({ path }) => path) }
            : {}),
        },
      );
      return { evaluation, predictions: predictions.filter((row) => row.part === part) };
    } finally {
      await classifier.close();
    }
  } finally {
    await opened.close();
  }
}

/** The cells to predict, each with its part, under the label set asked for. */
function placedCells(
  dataset: Dataset,
  split: readonly SplitRow[] | undefined,
  part: string,
  review: readonly ReviewRow[],
  { data, labelSet }: EvaluateModelOptions,
): PlacedCell[] {
  const rows = split?.filter((row) => row.part === part || row.part === 'val');
  const cells = rows === undefined ? dataset.cells : cellsOfSplit(dataset.cells, rows);
  const labels = labelsOf(dataset, labelSet, review);
  const placed = cells.flatMap((cell, i) => {
    const label = labels.get(cell.path);
    return label === undefined ? [] : [{ ...cell, label, part: rows?.[i].part ?? ALL }];
  });
  if (placed.some((cell) => cell.part === part)) return placed;
  throw new GiemsaError(
    'empty-part',
    `the split has no cells of ${data} in the part ${part}: choose with --part`,
  );
}

/** By path. Whether a patient is infected depends on all its cells, so labels are made before cells are left out. */
function labelsOf(dataset: Dataset, labelSet: LabelSet, review: readonly ReviewRow[]) {
  return new Map(applyLabelSet(dataset.cells, labelSet, review).map(({ path, label }) => [path, label]));
}

/** The model's threshold, but 0.5 on the part of its own split that it was chosen on. */
function thresholdFor(
  part: string,
  model: ModelMetadata,
  split: readonly SplitRow[] | undefined,
): ChosenThreshold {
  const { threshold, chosenOn } = model;
  const same = part === 'val' && split !== undefined && isOwn(model, split);
  if (same || chosenOn === 'nothing') return { threshold: same ? 0.5 : threshold, chosenOn: null };
  return { threshold, chosenOn };
}

/** A split keeps patients apart for the model that was trained with it, and for no other. */
function protocolFor(model: ModelMetadata, split: readonly SplitRow[] | undefined): string {
  if (split === undefined) return `no split; ${MAY_HAVE_SEEN}`;
  const protocol = protocolOf(split);
  return protocol === LEAKS || isOwn(model, split) ? protocol : `not the model's own split; ${MAY_HAVE_SEEN}`;
}

const MAY_HAVE_SEEN = 'the model may have seen these patients';

function isOwn(model: ModelMetadata, split: readonly SplitRow[]): boolean {
  return model.splitFingerprint === splitFingerprint(split);
}

/** What makes the figures better than the model is. */
function cautions(model: ModelMetadata, dataset: Dataset, split: readonly SplitRow[] | undefined): string[] {
  if (split !== undefined && isOwn(model, split)) return [];
  const known = model.dataFingerprint === dataset.fingerprint;
  const trained = known
    ? 'the model was trained on cells of this data set'
    : 'the model may have been trained on patients of this data set (the shipped one was, on those of the NIH set)';
  const advice =
    split === undefined ? 'give --split with the split of its run' : 'this is not the split of its run';
  return [`Warning: ${trained}; ${advice}. The figures are too good for patients that it has seen.`];
}
