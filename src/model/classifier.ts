import { appearanceOf } from '../cells/appearance.ts';
import { decodeImage } from '../cells/decode.ts';
import { GiemsaError } from '../cells/errors.ts';
import { type CellImage, checkImage } from '../cells/image.ts';
import { type Unusual, unusual } from '../cells/unusual.ts';
import type { Engine } from '../engine/engine.ts';
import { movedBand } from '../evaluation/indeterminate-band.ts';
import { resolve } from '../network/graph.ts';
import { imagesAtOnce, MOST_IMAGES } from '../network/largest.ts';
import { createPredictor, type Outputs } from '../network/predictor.ts';
import { preprocess } from '../recipes/preprocessing.ts';
import { type Model, readModel } from './file.ts';
import { nextTask } from './next-task.ts';
import { outlierScores } from './outlier.ts';
import { withColours } from './outputs.ts';
import { NOT_ASKED, plateletScores } from './platelet.ts';
import { called, notCalled, type Prediction } from './prediction.ts';
import { reasonFor } from './reason.ts';

/** The bytes of an image file (PNG, JPEG, WebP, TIFF, BMP), its pixels, or why there are none. */
export type ImageInput = Uint8Array | CellImage | GiemsaError;

export interface ClassifyOptions {
  /** In place of the model's own, 0 ... 1. Probabilities too near to it move with it. */
  readonly threshold?: number;
  /** Ends the call with the signal's reason, before the next batch at the latest. */
  readonly signal?: AbortSignal;
}

export interface Classifier {
  readonly model: Omit<Model, 'weights' | 'colours' | 'outlier' | 'platelet'>;
  /**
   * One prediction an image, in their order. An image that cannot be read has an `error` and does not keep the others
   * from being read.
   * @throws GiemsaError `bad-threshold`, `closed`; the reason of the signal
   */
  classify(image: ImageInput, options?: ClassifyOptions): Promise<Prediction>;
  classify(images: readonly ImageInput[], options?: ClassifyOptions): Promise<Prediction[]>;
  /** The same for images that come one by one, in constant memory: two batches, mostly of 64, are taken before the first prediction. */
  classifyEach(
    images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
    options?: ClassifyOptions,
  ): AsyncGenerator<Prediction>;
  /**
   * Log-odds of parasitized of images that come one by one, each used before the next is taken. Probabilities near 1 all
   * look alike in float32; these do not.
   * @throws GiemsaError `closed`, `wrong-pixels`; the reason of the signal
   */
  logOdds(images: Iterable<CellImage>, options?: Pick<ClassifyOptions, 'signal'>): Promise<Float32Array>;
  /** Ends the engine's threads, after the batch at work. */
  close(): Promise<void>;
}

/**
 * A classifier from the bytes of a model file. It owns the engine from here on, and closes it where there is an error.
 * @throws GiemsaError `bad-model`; EngineError `out-of-memory`
 */
export async function createClassifier(engine: Engine, modelBytes: Uint8Array): Promise<Classifier> {
  try {
    return classifierOf(engine, await readModel(modelBytes));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function classifierOf(engine: Engine, model: Model): Classifier {
  const { network, preprocessing, weights, colours, outlier, platelet, metadata } = model;
  const { abstention } = metadata;
  const plateletNetwork = platelet && abstention?.platelet?.network;
  const batchSize = Math.min(
    imagesAtOnce(resolve(network)),
    plateletNetwork ? imagesAtOnce(resolve(plateletNetwork)) : MOST_IMAGES,
  );
  const predictor = createPredictor(engine, network, weights, batchSize);
  const detector = plateletNetwork && createPredictor(engine, plateletNetwork, platelet, batchSize);
  const size = preprocessing.height * preprocessing.width * 3;
  // Batches lie in the engine's memory while they are computed, so they wait for one another.
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** @param threshold platelets are looked for from it on */
  function compute(
    pixels: Float32Array,
    count: number,
    signal: AbortSignal | undefined,
    threshold?: number,
  ): Promise<Computed> {
    const result = last.then(async () => {
      await nextTask();
      signal?.throwIfAborted();
      if (closed) throw new GiemsaError('closed', 'this classifier is closed');
      if (count === 0) return nothing;
      const images = pixels.subarray(0, count * size);
      predictor.images(count).set(images);
      const plain = await predictor.outputs(count);
      const outputs = colours ? withColours(plain, colours, pixels, preprocessing, engine.math) : plain;
      if (!detector || threshold === undefined) return outputs;
      const platelets = await plateletScores(detector, images, outputs.probabilities, threshold);
      return { ...outputs, platelets };
    });
    last = result.catch(() => undefined);
    return result;
  }

  async function* classifyEach(
    images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
    options: ClassifyOptions = {},
    most = batchSize,
  ): AsyncGenerator<Prediction> {
    const threshold = checkedThreshold(options.threshold ?? metadata.threshold);
    // While the engine is busy with one batch, the next is made in the other buffer.
    let [pixels, other] = [new Float32Array(size * most), new Float32Array(0)];
    let looks: Look[] = [];
    let read = 0;
    let before: Promise<Prediction[]> | undefined;
    const band = abstention?.band && movedBand(abstention.band, metadata.threshold, threshold);

    const computed = async (looks: readonly Look[], outputs: Promise<Computed>) => {
      const { probabilities, features, platelets } = await outputs;
      const outliers = outlier && outlierScores(outlier, features);
      let next = 0;
      return looks.map((look) => {
        if (look instanceof GiemsaError) return notCalled(look, threshold);
        const doubt = {
          look,
          outlier: outliers?.[next] ?? 0,
          platelet: platelets?.[next] ?? NOT_ASKED,
          probability: probabilities[next++],
        };
        return called(doubt.probability, threshold, reasonFor(doubt, threshold, band));
      });
    };
    const start = () => {
      const batch = computed(looks, compute(pixels, read, options.signal, threshold));
      // Awaited below; until then a failure is no unhandled rejection.
      batch.catch(() => undefined);
      [pixels, other] = [other.length > 0 ? other : new Float32Array(pixels.length), pixels];
      [looks, read] = [[], 0];
      return batch;
    };

    for await (const input of images) {
      options.signal?.throwIfAborted();
      if (looks.length === most) {
        const batch = start();
        if (before) yield* await before;
        before = batch;
      }
      const look = await prepare(input, pixels, size * read);
      looks.push(look);
      if (!(look instanceof GiemsaError)) read++;
    }
    options.signal?.throwIfAborted();
    if (before) yield* await before;
    if (looks.length > 0) yield* await start();
  }

  async function prepare(input: ImageInput, pixels: Float32Array, offset: number): Promise<Look> {
    if (input instanceof GiemsaError) return input;
    try {
      const image = input instanceof Uint8Array ? await decodeImage(input) : input;
      checkImage(image);
      preprocess(image, preprocessing, pixels, offset);
      return abstention ? unusual(appearanceOf(image), abstention.appearance) : null;
    } catch (error) {
      if (error instanceof GiemsaError) return error;
      throw error;
    }
  }

  async function logOdds(
    images: Iterable<CellImage>,
    { signal }: Pick<ClassifyOptions, 'signal'> = {},
  ): Promise<Float32Array> {
    const pixels = new Float32Array(size * batchSize);
    const values: number[] = [];
    let count = 0;
    for (const image of images) {
      checkImage(image);
      preprocess(image, preprocessing, pixels, size * count++);
      if (count < batchSize) continue;
      values.push(...(await compute(pixels, count, signal)).logits);
      count = 0;
    }
    values.push(...(await compute(pixels, count, signal)).logits);
    return Float32Array.from(values);
  }

  function classify(image: ImageInput, options?: ClassifyOptions): Promise<Prediction>;
  function classify(images: readonly ImageInput[], options?: ClassifyOptions): Promise<Prediction[]>;
  async function classify(images: ImageInput | readonly ImageInput[], options?: ClassifyOptions) {
    const list = isList(images) ? images : [images];
    const predictions: Prediction[] = [];
    for await (const prediction of classifyEach(list, options, Math.min(batchSize, list.length))) {
      predictions.push(prediction);
    }
    return isList(images) ? predictions : predictions[0];
  }

  return {
    model: { network, preprocessing, metadata },
    classify,
    classifyEach: (images, options) => classifyEach(images, options),
    logOdds,
    async close() {
      await last;
      closed = true;
      await engine.close();
    },
  };
}

/** What is known of an image before the model has computed: why it cannot be, or why it is no usual cell. */
type Look = GiemsaError | Unusual | null;

/** What the networks give of some images. */
interface Computed extends Outputs {
  readonly platelets?: Float32Array;
}

const nothing: Computed = {
  probabilities: new Float32Array(0),
  logits: new Float32Array(0),
  features: new Float32Array(0),
};

function isList(images: ImageInput | readonly ImageInput[]): images is readonly ImageInput[] {
  return Array.isArray(images);
}

function checkedThreshold(threshold: number): number {
  if (threshold >= 0 && threshold <= 1) return threshold;
  throw new GiemsaError('bad-threshold', `the threshold must be a number from 0 to 1; it is ${threshold}`);
}
