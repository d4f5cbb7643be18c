import { GiemsaError } from '../cells/errors.ts';

/** @throws GiemsaError `bad-seed` where it is no whole number from 0 to 2^53 - 1 */
export function checkSeed(seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw new GiemsaError(
    'bad-seed',
    `a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}. Received: ${seed}`,
  );
}
