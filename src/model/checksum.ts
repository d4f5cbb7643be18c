import { GiemsaError } from '../cells/errors.ts';

/** Length of a checksum: sha256 in lower-case hexadecimal, ASCII. */
export const checksumLength = 64;

/** sha256 of the bytes, in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers hide it from pages that came neither by https nor from this machine.
  if (globalThis.crypto?.subtle === undefined) {
    throw new GiemsaError(
      'insecure-context',
      'the model cannot be checked: this page has no WebCrypto; serve it by https or from localhost',
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
