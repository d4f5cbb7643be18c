import { GiemsaError } from './cells/errors.ts';
import { createEngine } from './engine/engine.ts';
import { type Classifier, createClassifier } from './model/classifier.ts';

export * from './library.ts';

export interface LoadOptions {
  /**
   * 1 (default) computes in the calling thread; more, up to 256, needs a page that may share memory (cross-origin isolated), others
   * use 1. 0: as many as there are cores.
   */
  readonly threads?: number;
  /** Relaxed SIMD: faster, but the last bits of a probability depend on the processor. */
  readonly fast?: boolean;
}

/**
 * A classifier from a model file, given as its address, which may be relative to the page's, or its bytes. Call `close()` when done, if it
 * has threads.
 * @throws GiemsaError `no-model` where the file cannot be had, `bad-model` where it is none; EngineError `bad-threads`, ...
 */
export async function loadClassifier(
  model: string | URL | Uint8Array,
  options: LoadOptions = {},
): Promise<Classifier> {
  const bytes = model instanceof Uint8Array ? model : await download(model);
  const engine = await createEngine({ threads: options.threads ?? 1, relaxed: options.fast ?? false });
  return createClassifier(engine, bytes);
}

async function download(url: string | URL): Promise<Uint8Array> {
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new GiemsaError('no-model', 'a model is the address of its file, or its bytes in a Uint8Array');
  }
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
