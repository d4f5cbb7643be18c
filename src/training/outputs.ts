import type { Outputs, Predictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { batchAt, stepsPerEpoch } from './batches.ts';
import type { ResultKind } from './events.ts';
import type { CellsAs } from './fill-task.ts';
import type { PixelSource } from './pixels.ts';

export interface OutputsInput {
  readonly recipe: Recipe;
  /** With the weights to be used loaded. */
  readonly predictor: Predictor;
  readonly pixels: PixelSource;
  /** Called before the first cell and after each batch. What it throws ends the work. */
  readonly onProgress: (of: ResultKind, done: number, total: number) => void;
}

/** What the network gives of cells, not augmented, batch by batch, in the order of their numbers. */
export async function* outputsOf(
  { recipe, predictor, pixels, onProgress }: OutputsInput,
  of: ResultKind,
  numbers: Uint32Array,
  as: Extract<CellsAs, string> = 'in inference',
): AsyncGenerator<{ readonly cells: Uint32Array; readonly outputs: Outputs }> {
  const { batch } = recipe.training;
  const requests = Array.from({ length: stepsPerEpoch(numbers.length, batch) }, (_, i) => ({
    cells: batchAt(numbers, batch, i),
    as,
  }));
  let done = 0;
  onProgress(of, done, numbers.length);
  for await (const { request, pixels: images } of pixels.batches(requests)) {
    const n = request.cells.length;
    predictor.images(n).set(images);
    yield { cells: request.cells, outputs: await predictor.outputs(n) };
    done += n;
    onProgress(of, done, numbers.length);
  }
}

/** What the network gives of some cells, in their order. */
export interface GatheredOutputs {
  readonly probabilities: Float32Array;
  /** [cells, features] */
  readonly features: Float32Array;
}

/** `outputsOf`, all batches together. */
export async function gatherOutputs(
  input: OutputsInput,
  of: ResultKind,
  numbers: Uint32Array,
  as?: Extract<CellsAs, string>,
): Promise<GatheredOutputs> {
  const probabilities = new Float32Array(numbers.length);
  let features = new Float32Array(0);
  let done = 0;
  for await (const { cells, outputs } of outputsOf(input, of, numbers, as)) {
    const size = outputs.features.length / cells.length;
    if (done === 0) features = new Float32Array(size * numbers.length);
    probabilities.set(outputs.probabilities, done);
    features.set(outputs.features, size * done);
    done += cells.length;
  }
  return { probabilities, features };
}
