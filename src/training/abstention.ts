import { type Appearance, appearanceOf } from '../cells/appearance.ts';
import { decodeImage } from '../cells/decode.ts';
import { inFile } from '../cells/errors.ts';
import { unusual, usualAppearance } from '../cells/unusual.ts';
import type { Cell } from '../dataset/cell.ts';
import { indeterminateBand } from '../evaluation/indeterminate-band.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { type OutlierDetector, outlierScores } from '../model/outlier.ts';
import { type PlateletDetector, plateletScores } from '../model/platelet.ts';
import { type Doubt, type Reason, reasonFor } from '../model/reason.ts';
import { fitOutlier, scaledOutlier } from './fit-outlier.ts';
import { fitPlatelet, shiftedPlatelet } from './fit-platelet.ts';
import { betweenSteps, type GatheredOutputs, gatherOutputs, type OutputsInput } from './outputs.ts';
import { placesOfVal, type RunParts } from './parts.ts';

export interface AbstentionInput extends OutputsInput {
  readonly parts: RunParts;
  /** In the order of the split, by whose lines cells are numbered. */
  readonly cells: readonly Pick<Cell, 'path' | 'read'>[];
}

export interface Abstaining {
  readonly outlier: OutlierDetector;
  readonly platelet: PlateletDetector;
  readonly abstention: NonNullable<ModelMetadata['abstention']>;
  /** Why each cell of `parts.predicted` is not called, null where it is: as the finished model says it. */
  readonly reasons: readonly (Reason | null)[];
}

/**
 * Share of the validation part that may be too near to the threshold to call. It does not shrink with what the images are doubted
 * for: one smeared slide among the validation patients would leave the mistakes of all others called (docs/results/experiments.md).
 */
const NEAR = 0.03;
/**
 * An outlier lies this many times as far off as all of it but so small a share: cells of other patients lie further off than those of a few
 * do, and are called as rightly as any (docs/results/experiments.md).
 */
const MARGIN = 1.25;
const OUTLIERS = 0.002;
/**
 * Share of its cells called parasitized that may be taken for platelets: with more, too few of the others' mistakes near to the
 * threshold could still be left uncalled.
 */
const PLATELETS = 0.0075;
/** Training cells whose appearance is measured: enough for the thousandth at either end. */
const MEASURED = 2000;
/** Training cells by which platelets are told, at most. Uninfected ones as they are matter little: they are not called parasitized. */
const UNDER_PLATELETS = 5000;
const PARASITIZED = 10_000;
const UNINFECTED = 2000;

/**
 * What a model needs to say that it cannot tell: how training cells look to the network and to the eye, how they look with a
 * platelet on them, and which probabilities are too near to the threshold. For the weights that the predictor has.
 *
 * @param predicted of `parts.predicted`
 * @returns undefined where the recipe does not ask for it, or all training cells look alike to the network
 */
export async function fitAbstention(
  input: AbstentionInput,
  threshold: number,
  predicted: GatheredOutputs,
): Promise<Abstaining | undefined> {
  const { recipe, parts } = input;
  if (!recipe.training.outlier) return undefined;
  const train = await gatherOutputs(input, 'outliers', parts.train);
  const targets = Array.from(parts.train, (number) => parts.targets[number]);
  const unscaled = fitOutlier(train.features, targets);
  if (unscaled === undefined) return undefined;
  const val = placesOfVal(parts);
  const hasVal = val.length > 0;
  const distances = outlierScores(unscaled, hasVal ? predicted.features : train.features);
  const scale = exceededBy(OUTLIERS, hasVal ? Float32Array.from(val, (i) => distances[i]) : distances);
  if (!(scale > 0)) return undefined;

  const outlier = scaledOutlier(unscaled, MARGIN * scale);
  const platelet = await plateletDetector(
    input,
    threshold,
    train,
    hasVal ? outputsAt(predicted, val) : train,
  );
  const some = someOf(parts.train, MEASURED);
  const appearances = await measured(input, [...some, ...parts.predicted]);
  const usual = usualAppearance(appearances.slice(0, some.length).filter((found) => found !== null));

  const outliers = outlierScores(outlier, predicted.features);
  const platelets = plateletScores(platelet, predicted.features);
  const doubts = appearances.slice(some.length).map(
    (found, i): Doubt => ({
      look: unusual(found, usual),
      outlier: outliers[i],
      platelet: platelets[i],
      probability: predicted.probabilities[i],
    }),
  );
  const callable = val
    .filter((i) => reasonFor(doubts[i], threshold, null) === null)
    .map((i) => predicted.probabilities[i]);
  const band = indeterminateBand(callable, threshold, Math.floor(NEAR * val.length)) ?? null;
  const chosenPart = hasVal ? 'val' : 'train';
  return {
    outlier,
    platelet,
    abstention: {
      outlier: {
        method: 'mahalanobis',
        threshold: 1,
        scaledOn: `${chosenPart}, ${MARGIN} times the ${100 * (1 - OUTLIERS)}th percentile`,
      },
      platelet: {
        method: 'logistic',
        threshold: 0,
        scaledOn: `${chosenPart}, at most ${100 * PLATELETS} % of the cells called parasitized`,
      },
      appearance: usual,
      band,
      chosenOn: `val, at most ${100 * NEAR} % too near to the threshold`,
    },
    reasons: doubts.map((doubt) => reasonFor(doubt, threshold, band)),
  };
}

/**
 * Tells uninfected training cells under a drawn platelet from training cells as they are.
 * @param judged cells that it may doubt a few of
 */
async function plateletDetector(
  input: AbstentionInput,
  threshold: number,
  train: GatheredOutputs,
  judged: GatheredOutputs,
): Promise<PlateletDetector> {
  const { parts, math, onProgress } = input;
  const placesOf = (target: number) =>
    Uint32Array.from(parts.train.keys()).filter((place) => parts.targets[parts.train[place]] === target);
  const [uninfected, parasitized] = [placesOf(0), placesOf(1)];
  const some = Uint32Array.from(someOf(uninfected, UNDER_PLATELETS), (place) => parts.train[place]);
  const under = await gatherOutputs(input, 'platelets', some, 'under a platelet');
  const others = outputsAt(train, [...someOf(parasitized, PARASITIZED), ...someOf(uninfected, UNINFECTED)]);
  const size = under.features.length / some.length;
  const onStep = betweenSteps(onProgress, 'platelets', some.length);
  const detector = await fitPlatelet(under.features, others.features, size, math, onStep);
  const called = plateletScores(detector, judged.features)
    .filter((_, i) => judged.probabilities[i] >= threshold)
    .sort();
  const most = Math.floor(PLATELETS * called.length);
  // Between two scores, so that rounding moves none across.
  const [below = 0, above = below + 1] = [called.at(-1 - most), most > 0 ? called.at(-most) : undefined];
  // What is rather no platelet is not doubted, however few may be.
  return shiftedPlatelet(detector, Math.max(0, (below + above) / 2));
}

/** The score that this share of all exceeds, or less. */
function exceededBy(share: number, scores: Float32Array): number {
  return scores.toSorted()[Math.ceil((1 - share) * scores.length) - 1];
}

function outputsAt({ probabilities, features }: GatheredOutputs, places: readonly number[]): GatheredOutputs {
  const size = features.length / probabilities.length;
  return {
    probabilities: Float32Array.from(places, (i) => probabilities[i]),
    features: Float32Array.from(
      { length: size * places.length },
      (_, k) => features[size * places[Math.floor(k / size)] + (k % size)],
    ),
  };
}

/** `most` of them, evenly spaced, or all. */
function someOf(numbers: Uint32Array, most: number): number[] {
  const count = Math.min(most, numbers.length);
  return Array.from({ length: count }, (_, i) => numbers[Math.floor((i * numbers.length) / count)]);
}

async function measured(
  { cells, onProgress }: AbstentionInput,
  numbers: readonly number[],
): Promise<(Appearance | null)[]> {
  const found: (Appearance | null)[] = [];
  onProgress('appearance', 0, numbers.length);
  for (const number of numbers) {
    const cell = cells[number];
    found.push(await inFile(cell.path, async () => appearanceOf(await decodeImage(await cell.read()))));
    onProgress('appearance', found.length, numbers.length);
  }
  return found;
}
