import { coreCount } from '#threads';
import { EngineError } from './errors.ts';

/** Of anything that takes a number of threads. */
export const MOST_THREADS = 256;

/**
 * How many threads are meant.
 * @param wanted 1 to 256; 0: as many as there are cores
 * @throws EngineError `bad-threads`
 */
export function threadCount(wanted: number): number {
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > MOST_THREADS) {
    throw new EngineError(
      'bad-threads',
      `threads must be a whole number from 0, all cores, to ${MOST_THREADS}; it is ${wanted}`,
    );
  }
  return wanted === 0 ? Math.min(coreCount(), MOST_THREADS) : wanted;
}
