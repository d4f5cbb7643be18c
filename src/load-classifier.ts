import { fileURLToPath } from 'node:url';
import { GiemsaError, inFile } from './cells/errors.ts';
import { readFileBounded } from './dataset/stored-file.ts';
import { createEngine } from './engine/engine.ts';
import { type Classifier, createClassifier } from './model/classifier.ts';

/** The model that comes with the package. */
const defaultModel = new URL('../models/default.onnx', import.meta.url);

export interface LoadOptions {
  /** 1 (default) computes in the calling thread; more, up to 256, starts that many; 0: as many as there are cores. */
  readonly threads?: number;
  /** Relaxed SIMD: faster, but the last bits of a probability depend on the processor. */
  readonly fast?: boolean;
}

/**
 * A classifier from a model file, given as its path, a `file:` URL or its bytes; without one, from the package's own
 * `models/default.onnx`. Call `close()` when done, if it has threads.
 * @throws GiemsaError `no-model` where the file cannot be read, `bad-model` where it is none; EngineError `bad-threads`, ...
 */
export async function loadClassifier(
  model?: string | URL | Uint8Array,
  options: LoadOptions = {},
): Promise<Classifier> {
  const bytes = model instanceof Uint8Array ? model : await readModelFile(model);
  const engine = await createEngine({ threads: options.threads ?? 1, relaxed: options.fast ?? false });
  const named = model instanceof Uint8Array ? 'the bytes given' : shown(model);
  return inFile(named, () => createClassifier(engine, bytes));
}

/**
 * The bytes of a model file, or of the package's own model.
 * @throws GiemsaError `no-model`
 */
export async function readModelFile(path?: string | URL): Promise<Uint8Array> {
  if (path !== undefined && typeof path !== 'string' && !(path instanceof URL)) {
    throw new GiemsaError(
      'no-model',
      'a model is the path of its file, its URL, or its bytes in a Uint8Array',
    );
  }
  if (path instanceof URL && path.protocol !== 'file:') {
    throw new GiemsaError(
      'no-model',
      `no model at ${path.href}: give a path or a file: address, or fetch it and give its bytes`,
    );
  }
  try {
    return await readFileBounded(shown(path));
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    const which =
      path === undefined
        ? `the package's own model (${shown(path)}) is missing`
        : `no model at ${shown(path)}`;
    throw new GiemsaError('no-model', `${which} (${error.message}): name a model file`, { cause: error });
  }
}

function shown(path: string | URL = defaultModel): string {
  return path instanceof URL ? fileURLToPath(path) : path;
}
