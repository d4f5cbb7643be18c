import { decodeImage } from '../../cells/decode.ts';
import { GiemsaError } from '../../cells/errors.ts';
import type { CellImage } from '../../cells/image.ts';
import type { Classifier, ClassifyOptions, ImageInput } from '../classifier.ts';
import type { Prediction } from '../prediction.ts';
import { type HeatMap, heatMap, type LogOdds } from './heat-map.ts';

/** What a classifier says of an image and where it sees it; `image` and `heatMap` are null where there is an error. */
export type Explanation =
  | { readonly prediction: Prediction; readonly image: CellImage; readonly heatMap: HeatMap }
  | { readonly prediction: Prediction; readonly image: null; readonly heatMap: null };

/**
 * A prediction with a map of the evidence for parasitized. It takes some 250 predictions of the image with parts of it
 * painted over; the same image and model give the same bytes, whatever the threads.
 * @throws GiemsaError `bad-threshold`, `closed`; the reason of the signal
 */
export async function explain(
  classifier: Classifier,
  input: ImageInput,
  options?: ClassifyOptions,
): Promise<Explanation> {
  const image = await decoded(input);
  const prediction = await classifier.classify(image, options);
  if (image instanceof GiemsaError || prediction.error !== null) {
    return { prediction, image: null, heatMap: null };
  }
  const logOdds: LogOdds = (images) => classifier.logOdds(images, options);
  return { prediction, image, heatMap: await heatMap(image, logOdds) };
}

async function decoded(input: ImageInput): Promise<CellImage | GiemsaError> {
  if (!(input instanceof Uint8Array)) return input;
  try {
    return await decodeImage(input);
  } catch (error) {
    if (error instanceof GiemsaError) return error;
    throw error;
  }
}
