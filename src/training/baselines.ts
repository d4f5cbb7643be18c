import type { CellImage } from '../cells/image.ts';
import { darkSpots, meanColour, type SimpleFeatures, size } from '../cells/simple-features.ts';
import type { SplitRow } from '../dataset/split.ts';
import type { Prediction } from '../evaluation/evaluate.ts';
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
): Promise<Prediction[]> {
  const rows = cells.map(({ image, ...row }) => ({ ...row, features: features(image) }));
  const train = rows.filter(({ part }) => part === 'train');
  const { weights, bias } = await fitLogistic(
    {
      columns: train[0]?.features.length ?? 0,
      values: Float64Array.from(train.flatMap((row) => row.features)),
    },
    train.map(({ label }) => (label === 'parasitized' ? 1 : 0)),
    Math,
  );
  const probability = (own: readonly number[]) =>
    1 / (1 + Math.exp(-own.reduce((logit, value, i) => logit + weights[i] * value, bias)));
  return rows
    .filter(({ part }) => part !== 'train')
    .map(({ features: own, ...row }) => ({ ...row, probability: probability(own) }));
}
