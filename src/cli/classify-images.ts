import { basename } from 'node:path';
import type { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';
import { decodeAhead } from '../dataset/decode-ahead.ts';
import { ignoredReason } from '../dataset/image-names.ts';
import { readInputs } from '../dataset/inputs.ts';
import type { Classifier } from '../model/classifier.ts';
import type { Prediction } from '../model/prediction.ts';

export interface ClassifyJob {
  readonly paths: Iterable<string> | AsyncIterable<string>;
  readonly threads: number;
  /** What is kept of each image until its prediction comes, and given back with it. */
  readonly keep?: ((image: CellImage) => CellImage) | undefined;
  /** On the model's own scale. */
  readonly threshold: number;
  /** Ends the job before the next image, with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called for each file that is no image. */
  readonly onIgnored: () => void;
}

export interface Classified {
  readonly file: string;
  readonly prediction: Prediction;
  readonly kept?: CellImage | undefined;
}

/** The images of files, folders and archives with their predictions, in order, in constant memory. */
export async function* classifyImages(classifier: Classifier, job: ClassifyJob): AsyncGenerator<Classified> {
  const { paths, threads, keep, threshold, signal, onIgnored } = job;
  const underway: Pick<Classified, 'file' | 'kept'>[] = [];

  async function* inputs() {
    for await (const input of readInputs(paths)) {
      if ('ignored' in input) onIgnored();
      else yield input;
    }
  }
  async function* images(): AsyncGenerator<CellImage | GiemsaError> {
    for await (const { input, image } of decodeAhead(inputs(), threads)) {
      underway.push({ file: input.file, kept: 'data' in image ? keep?.(image) : undefined });
      yield image;
    }
  }
  for await (const prediction of classifier.classifyEach(images(), { threshold, signal })) {
    yield { ...(underway.shift() as (typeof underway)[0]), prediction };
  }
}

/** A few images named one by one are done before threads would have started. */
export function areFew(paths: readonly string[]): boolean {
  return paths.length <= 8 && paths.every((path) => ignoredReason(basename(path)) === undefined);
}
