import type { CellImage } from '../cells/image.ts';
import { darkSpots, meanColour, type SimpleFeatures, size } from '../cells/simple-features.ts';
import type { SplitRow } from '../dataset/split.ts';
import type { PredictionRow } from '../evaluation/evaluate.ts';
import { fitLogistic } from './fit-logistic.ts';

/** What a network has to beat: logistic regressions of features that need no look at a parasite. */
export const BASELINES: Readonly<Record<string, SimpleFeatures>> = {
  size,
  'mean colour': meanColour,
  'dark spots': darkSpots,
};

/** A line of a split with its image. */
export type PlacedImage = SplitRow & { readonly image: CellImage };

/** Fits a baseline on the part `train` and predicts the parts `val` and `test`, as a run does. */
export async function predictBaseline(
  features: SimpleFeatures,
  cells: readonly PlacedImage[],
): Promise<PredictionRow[]> {
  const rows = cells.map(({ image, ...row }) => ({ ...row, features: features(image) }));
  const train = rows.filter(({ part }) => part === 'train');
  const probability = await logisticModel(
    train.map((row) => row.features),
    train.map(({ label }) => (label === 'parasitized' ? 1 : 0)),
  );
  return rows
    .filter(({ part }) => part !== 'train')
    .map(({ features: own, ...row }) => ({ ...row, probability: probability(own) }));
}

/**
 * @param rows features, as many in each row
 * @param labels 1 or 0, one a row
 * @returns the probability of label 1 for a row of features, by logistic regression
 */
export async function logisticModel(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
): Promise<(features: readonly number[]) => number> {
  const table = { columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
  const { weights, bias } = await fitLogistic(table, labels, Math);
  return (features) =>
    1 / (1 + Math.exp(-features.reduce((logit, value, i) => logit + weights[i] * value, bias)));
}
