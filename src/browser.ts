import { GiemsaError } from './cells/errors.ts';
import { createEngine } from './engine/engine.ts';
import { type Classifier, createClassifier } from './model/classifier.ts';

export * from './library.ts';

export interface LoadOptions {
  /**
   * 1 (default) computes in the calling thread; more needs a page that may share memory (cross-origin isolated), others
   * use 1.
   */
  readonly threads?: number;
  /** Relaxed SIMD: faster, but the last bits of a probability depend on the processor. */
  readonly fast?: boolean;
}

/**
 * A classifier from a model file, given as its bytes or where it lies. Call `close()` when done, if it has threads.
 * @throws GiemsaError `no-model` where the file cannot be had, `bad-model` where it is none
 */
export async function loadClassifier(
  model: Uint8Array | URL,
  options: LoadOptions = {},
): Promise<Classifier> {
  const bytes = model instanceof URL ? await download(model) : model;
  const engine = await createEngine({ threads: options.threads ?? 1, relaxed: options.fast ?? false });
  try {
    return await createClassifier(engine, bytes);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function download(url: URL): Promise<Uint8Array> {
  let reason: string;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    reason = `the server says ${response.status}`;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new GiemsaError('no-model', `no model at ${url}: ${reason}`);
}
