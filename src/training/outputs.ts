import { setImmediate } from 'node:timers/promises';
import type { EngineMath } from '../engine/engine.ts';
import type { ColourRegression } from '../model/colours.ts';
import { withColours } from '../model/outputs.ts';
import type { Outputs, Predictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { batchAt, stepsPerEpoch } from './batches.ts';
import type { ResultKind } from './events.ts';
import type { PixelSource } from './pixels.ts';

export interface OutputsInput {
  readonly recipe: Recipe;
  /** With the weights to be used loaded. */
  readonly predictor: Predictor;
  /** What is added to the network's log-odds. */
  readonly colours?: ColourRegression;
  /** The engine's: what is computed is the same everywhere. */
  readonly math: EngineMath;
  readonly pixels: PixelSource;
  /** Called before the first cell and after each batch. What it throws ends the work. */
  readonly onProgress: (of: ResultKind, done: number, total: number) => void;
}

/** Awaited between the steps of a fit, each of which may take seconds: lets signals in, and stops where there was one. */
export function betweenSteps(
  onProgress: OutputsInput['onProgress'],
  of: ResultKind,
  cells: number,
): () => Promise<void> {
  return async () => {
    await setImmediate();
    onProgress(of, cells, cells);
  };
}

/** Cells as the network reads them, not augmented, batch by batch, in the order of their numbers. */
export async function* imagesOf(
  { recipe, pixels, onProgress }: Pick<OutputsInput, 'recipe' | 'pixels' | 'onProgress'>,
  of: ResultKind,
  numbers: Uint32Array,
): AsyncGenerator<{ readonly cells: Uint32Array; readonly images: Float32Array }> {
  const { batch } = recipe.training;
  const requests = Array.from({ length: stepsPerEpoch(numbers.length, batch) }, (_, i) => ({
    cells: batchAt(numbers, batch, i),
    as: 'in inference' as const,
  }));
  let done = 0;
  onProgress(of, done, numbers.length);
  for await (const { request, pixels: images } of pixels.batches(requests)) {
    yield { cells: request.cells, images };
    done += request.cells.length;
    onProgress(of, done, numbers.length);
  }
}

/** What the model gives of them. */
export async function* outputsOf(
  input: OutputsInput,
  of: ResultKind,
  numbers: Uint32Array,
): AsyncGenerator<{ readonly cells: Uint32Array; readonly outputs: Outputs }> {
  const { recipe, predictor, colours, math } = input;
  for await (const { cells, images } of imagesOf(input, of, numbers)) {
    predictor.images(cells.length).set(images);
    const outputs = await predictor.outputs(cells.length);
    yield {
      cells,
      outputs: colours ? withColours(outputs, colours, images, recipe.preprocessing, math) : outputs,
    };
  }
}

/** What the model gives of some cells, in their order. */
export interface GatheredOutputs {
  readonly probabilities: Float32Array;
  /** [cells, features]; empty where the recipe has no use for them. */
  readonly features: Float32Array;
}

/** `outputsOf`, all batches together. */
export async function gatherOutputs(
  input: OutputsInput,
  of: ResultKind,
  numbers: Uint32Array,
): Promise<GatheredOutputs> {
  const probabilities = new Float32Array(numbers.length);
  let features = new Float32Array(0);
  let done = 0;
  for await (const { cells, outputs } of outputsOf(input, of, numbers)) {
    // Of a recipe that looks for outliers they are at most 1,024 a cell; of others they may be millions.
    const size = input.recipe.training.outlier ? outputs.features.length / cells.length : 0;
    if (done === 0) features = new Float32Array(size * numbers.length);
    probabilities.set(outputs.probabilities, done);
    if (size > 0) features.set(outputs.features, size * done);
    done += cells.length;
  }
  return { probabilities, features };
}
