import { decodeImage } from '../cells/decode.ts';
import { GiemsaError } from '../cells/errors.ts';
import type { CellImage } from '../cells/image.ts';

/** An error's class and code do not survive the way between threads, so they travel as data. */
export type Decoded = { readonly image: CellImage } | { readonly code: string; readonly message: string };

/** Runs in a worker thread: decodes one image file. */
export default async function decode(bytes: Uint8Array): Promise<Decoded> {
  try {
    return { image: await decodeImage(bytes) };
  } catch (error) {
    if (error instanceof GiemsaError) return { code: error.code, message: error.message };
    throw error;
  }
}
