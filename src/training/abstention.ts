import { type Appearance, appearanceOf } from '../cells/appearance.ts';
import { decodeImage } from '../cells/decode.ts';
import { inFile } from '../cells/errors.ts';
import { unusual, usualAppearance } from '../cells/unusual.ts';
import type { Cell } from '../dataset/cell.ts';
import { createEngine } from '../engine/engine.ts';
import { indeterminateBand } from '../evaluation/indeterminate-band.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { type OutlierDetector, outlierScores } from '../model/outlier.ts';
import { NOT_ASKED, type PlateletDetector, plateletScores } from '../model/platelet.ts';
import { type Doubt, type Reason, reasonFor } from '../model/reason.ts';
import { createPredictor, type Predictor } from '../network/predictor.ts';
import { fitOutlier, scaledOutlier } from './fit-outlier.ts';
import { fitPlatelet, type PlateletInput, shiftedPlatelet } from './fit-platelet.ts';
import { type GatheredOutputs, gatherOutputs, imagesOf, type OutputsInput } from './outputs.ts';
import { placesOfVal } from './parts.ts';

export interface AbstentionInput extends OutputsInput, PlateletInput {
  /** In the order of the split, by whose lines cells are numbered. */
  readonly cells: readonly Pick<Cell, 'path' | 'read'>[];
  readonly onNote: (message: string) => void;
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
const NEAR = 0.025;
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
const PLATELETS = 0.02;
/** Training cells whose appearance is measured: enough for the thousandth at either end. */
const MEASURED = 2000;

/**
 * What a model needs to say that it cannot tell: how training cells look to the network and to the eye, a second network that tells
 * platelets on them from parasites, and which probabilities are too near to the threshold. For the weights that the predictor has.
 *
 * @param predicted of `parts.predicted`
 * @returns undefined where the recipe does not ask for it, all training cells look alike to the network, or the second one cannot be
 *   trained, which is noted
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
  const told = await tellPlatelets(
    input,
    threshold,
    hasVal
      ? { numbers: parts.val, probabilities: Float32Array.from(val, (i) => predicted.probabilities[i]) }
      : { numbers: parts.train, ...train },
    { numbers: parts.predicted, ...predicted },
  );
  if (told === undefined) {
    input.onNote(
      'The network that tells platelets could not be trained (its loss is no longer a number): this model says of no cell that it cannot tell.' +
        " Scale the recipe's pixels to about 0 to 1, or leave training.outlier out.",
    );
    return undefined;
  }
  const { platelet, scores: platelets } = told;
  const some = someOf(parts.train, MEASURED);
  const appearances = await measured(input, [...some, ...parts.predicted]);
  const usual = usualAppearance(appearances.slice(0, some.length).filter((found) => found !== null));

  const outliers = outlierScores(outlier, predicted.features);
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
        method: 'network',
        network: platelet.network,
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

/** Cells and what they are called by. */
interface Judged {
  readonly numbers: Uint32Array;
  readonly probabilities: Float32Array;
}

/**
 * Tells cells under a platelet from parasitized ones, in an engine of its own: the memory of the training cannot be given back, and one
 * engine may be too small for both.
 *
 * @param judged cells that it may doubt a few of
 * @returns the detector, and its scores of the predicted cells; undefined where it cannot be trained
 */
async function tellPlatelets(
  input: AbstentionInput,
  threshold: number,
  judged: Judged,
  predicted: Judged,
): Promise<{ platelet: PlateletDetector; scores: Float32Array } | undefined> {
  const { threads, relaxed } = input.engine;
  const own = await createEngine({ threads, relaxed }).catch(() => undefined);
  // Where there is no room for a second one, the first may still have some.
  const engine = own ?? input.engine;
  try {
    const detector = await plateletDetector({ ...input, engine }, threshold, judged);
    if (detector === undefined) return undefined;
    const { platelet, predictor } = detector;
    return { platelet, scores: await scoresOf(input, predictor, threshold, predicted) };
  } finally {
    await own?.close();
  }
}

async function plateletDetector(
  input: AbstentionInput,
  threshold: number,
  judged: Judged,
): Promise<{ platelet: PlateletDetector; predictor: Predictor } | undefined> {
  const { engine, recipe } = input;
  const fitted = await fitPlatelet(input);
  if (fitted === undefined) return undefined;
  const predictor = createPredictor(engine, fitted.network, fitted.weights, recipe.training.batch);
  const called = (await scoresOf(input, predictor, threshold, judged))
    .filter((score) => score !== NOT_ASKED)
    .sort();
  const most = Math.floor(PLATELETS * called.length);
  // Between two scores, so that rounding moves none across.
  const [below = 0, above = below + 1] = [called.at(-1 - most), most > 0 ? called.at(-most) : undefined];
  // What is rather no platelet is not doubted, however few may be.
  const platelet = shiftedPlatelet(fitted, Math.max(0, (below + above) / 2));
  predictor.load(platelet.weights);
  return { platelet, predictor };
}

async function scoresOf(
  input: AbstentionInput,
  detector: Predictor,
  threshold: number,
  { numbers, probabilities }: Judged,
): Promise<Float32Array> {
  const scores = new Float32Array(numbers.length);
  let done = 0;
  for await (const { cells, images } of imagesOf(input, 'platelets', numbers)) {
    const next = done + cells.length;
    scores.set(await plateletScores(detector, images, probabilities.subarray(done, next), threshold), done);
    done = next;
  }
  return scores;
}

/** The score that this share of all exceeds, or less. */
function exceededBy(share: number, scores: Float32Array): number {
  return scores.toSorted()[Math.ceil((1 - share) * scores.length) - 1];
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
