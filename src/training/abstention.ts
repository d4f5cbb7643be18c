import { type Appearance, appearanceOf } from '../cells/appearance.ts';
import { decodeImage } from '../cells/decode.ts';
import { type UsualAppearance, unusual, usualAppearance } from '../cells/unusual.ts';
import type { Cell } from '../dataset/cell.ts';
import { indeterminateBand } from '../evaluation/indeterminate-band.ts';
import type { ModelMetadata } from '../model/metadata.ts';
import { type OutlierDetector, outlierScores } from '../model/outlier.ts';
import { type Reason, reasonFor } from '../model/reason.ts';
import { fitOutlier, scaledOutlier } from './fit-outlier.ts';
import { type OutputsInput, outputsOf } from './outputs.ts';
import type { RunParts } from './parts.ts';

export interface AbstentionInput extends OutputsInput {
  readonly parts: RunParts;
  /** In the order of the split, by whose lines cells are numbered. */
  readonly cells: readonly Pick<Cell, 'read'>[];
}

export interface Abstaining {
  readonly outlier: OutlierDetector;
  readonly abstention: NonNullable<ModelMetadata['abstention']>;
}

/** What the network gives of some cells, in their order. */
export interface GatheredOutputs {
  readonly probabilities: Float32Array;
  readonly features: Float32Array;
}

/** Share of the validation part on which a model may say that it cannot tell, whatever the reason. */
const INDETERMINATE = 0.045;
/** Share of it beyond a score of 1. */
const OUTLIERS = 0.002;
/** Training cells whose appearance is measured: enough for the thousandth at either end. */
const MEASURED = 2000;

/**
 * What a model needs to say that it cannot tell: how training cells look to the network and to the eye, and which
 * probabilities are too near to the threshold. For the weights that the predictor has.
 *
 * @returns undefined where the recipe does not ask for it, or all training cells look alike to the network
 */
export async function fitAbstention(
  input: AbstentionInput,
  threshold: number,
): Promise<Abstaining | undefined> {
  const { recipe, parts } = input;
  if (!recipe.training.outlier) return undefined;
  const train = await gathered(input, parts.train);
  const val = await gathered(input, parts.val);
  const targets = Array.from(parts.train, (number) => parts.targets[number]);
  const unscaled = fitOutlier(train.features, targets);
  if (unscaled === undefined) return undefined;
  const hasVal = parts.val.length > 0;
  const scale = exceededBy(OUTLIERS, outlierScores(unscaled, hasVal ? val.features : train.features));
  if (!(scale > 0)) return undefined;

  const outlier = scaledOutlier(unscaled, scale);
  const usual = await usualOf(input);
  const scores = outlierScores(outlier, val.features);
  const callable = [];
  for (const [i, number] of parts.val.entries()) {
    if (scores[i] > 1 || unusual(await measured(input, number), usual) !== null) continue;
    const label = parts.targets[number] === 1 ? ('parasitized' as const) : ('uninfected' as const);
    callable.push({ probability: val.probabilities[i], label });
  }
  const room = Math.floor(INDETERMINATE * parts.val.length) - (parts.val.length - callable.length);
  return {
    outlier,
    abstention: {
      outlier: {
        method: 'mahalanobis',
        threshold: 1,
        scaledOn: `${hasVal ? 'val' : 'train'}, ${100 * (1 - OUTLIERS)}th percentile`,
      },
      appearance: usual,
      band: room > 0 ? (indeterminateBand(callable, threshold, room) ?? null) : null,
      chosenOn: `val, at most ${100 * INDETERMINATE} % indeterminate`,
    },
  };
}

/** Why each of some cells is not called, null where it is: as the finished model says it. */
export async function reasonsOf(
  input: AbstentionInput,
  { outlier, abstention }: Abstaining,
  numbers: Uint32Array,
  { probabilities, features }: GatheredOutputs,
): Promise<(Reason | null)[]> {
  const scores = outlierScores(outlier, features);
  const reasons: (Reason | null)[] = [];
  for (const [i, number] of numbers.entries()) {
    const look = unusual(await measured(input, number), abstention.appearance);
    reasons.push(reasonFor({ look, outlier: scores[i], probability: probabilities[i] }, abstention.band));
  }
  return reasons;
}

export async function gathered(input: OutputsInput, numbers: Uint32Array): Promise<GatheredOutputs> {
  const probabilities = new Float32Array(numbers.length);
  let features = new Float32Array(0);
  let done = 0;
  for await (const { cells, outputs } of outputsOf(input, numbers)) {
    const size = outputs.features.length / cells.length;
    if (done === 0) features = new Float32Array(size * numbers.length);
    probabilities.set(outputs.probabilities, done);
    features.set(outputs.features, size * done);
    done += cells.length;
  }
  return { probabilities, features };
}

/** The score that this share of all exceeds, or less. */
function exceededBy(share: number, scores: Float32Array): number {
  return scores.toSorted()[Math.ceil((1 - share) * scores.length) - 1];
}

/** Of training cells, evenly spaced among all. */
async function usualOf(input: AbstentionInput): Promise<UsualAppearance> {
  const { train } = input.parts;
  const count = Math.min(MEASURED, train.length);
  const appearances: Appearance[] = [];
  for (let i = 0; i < count; i++) {
    const appearance = await measured(input, train[Math.floor((i * train.length) / count)]);
    if (appearance) appearances.push(appearance);
  }
  return usualAppearance(appearances);
}

async function measured({ cells }: AbstentionInput, number: number): Promise<Appearance | null> {
  return appearanceOf(await decodeImage(await cells[number].read()));
}
