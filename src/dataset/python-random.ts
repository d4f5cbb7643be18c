import MersenneTwister from 'mersenne-twister';
import { checkSeed } from './seed.ts';

/** CPython's `random` (MT19937, seeded with `init_by_array` of the seed's 32-bit words), as far as shuffling needs it. */
export interface PythonRandom {
  /** A whole number in [0, limit), as `random._randbelow`. */
  below(limit: number): number;
  /** Fisher-Yates from the end, as `random.shuffle`; in place. */
  shuffle<T>(list: T[]): T[];
}

/** As `random.seed(seed)` for a whole number from 0 to 2^53 - 1. */
export function pythonRandom(seed: number): PythonRandom {
  checkSeed(seed);
  const low = seed % 2 ** 32;
  const high = Math.floor(seed / 2 ** 32);
  const generator = new MersenneTwister(high === 0 ? [low] : [low, high]);
  const below = (limit: number) => {
    const bits = 32 - Math.clz32(limit);
    for (;;) {
      const value = generator.random_int() >>> (32 - bits);
      if (value < limit) return value;
    }
  };
  return {
    below,
    shuffle(list) {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [list[i], list[j]] = [list[j], list[i]];
      }
      return list;
    },
  };
}
