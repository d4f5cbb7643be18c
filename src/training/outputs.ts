import type { Outputs, Predictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { batchAt, stepsPerEpoch } from './batches.ts';
import type { PixelSource } from './pixels.ts';

export interface OutputsInput {
  readonly recipe: Recipe;
  /** With the weights to be used loaded. */
  readonly predictor: Predictor;
  readonly pixels: PixelSource;
}

/** What the network gives of cells as they are (not augmented), batch by batch, in the order of their numbers. */
export async function* outputsOf(
  { recipe, predictor, pixels }: OutputsInput,
  numbers: Uint32Array,
): AsyncGenerator<{ readonly cells: Uint32Array; readonly outputs: Outputs }> {
  const { batch } = recipe.training;
  const requests = Array.from({ length: stepsPerEpoch(numbers.length, batch) }, (_, i) => ({
    cells: batchAt(numbers, batch, i),
    epoch: undefined,
  }));
  for await (const { request, pixels: images } of pixels.batches(requests)) {
    const n = request.cells.length;
    predictor.images(n).set(images);
    yield { cells: request.cells, outputs: await predictor.outputs(n) };
  }
}
