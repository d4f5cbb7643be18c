/**
 * A stream of random numbers in [0, 1), multiples of 2^-32, that depends on nothing but the seed and up to three keys
 * (say epoch and position): any worker can draw those of any image without those of the images before it.
 *
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"); its key is the seed, its counter
 * the number of the block and the keys.
 *
 * @param seed integer from 0 to 2^53 - 1
 * @param keys integers from 0 to 2^32 - 1
 */
export function random(seed: number, ...keys: readonly [number?, number?, number?]): () => number {
  const [a = 0, b = 0, c = 0] = keys;
  const key: Words2 = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  let block: Words4 = [0, 0, 0, 0];
  let drawn = 0;
  return () => {
    const word = drawn % 4;
    if (word === 0) block = philox([drawn / 4, a >>> 0, b >>> 0, c >>> 0], key);
    drawn++;
    return block[word] / 2 ** 32;
  };
}

/** An integer from 0 to below - 1. */
export function randomInteger(draw: () => number, below: number): number {
  return Math.floor(draw() * below);
}

/** `count` of the items, or all, in an order that the seed draws: the first of a shuffle (Fisher and Yates). */
export function sample<T>(items: readonly T[], count: number, seed: number): T[] {
  const rest = [...items];
  const draw = random(seed);
  return Array.from({ length: Math.min(count, rest.length) }, (_, i) => {
    const at = i + randomInteger(draw, rest.length - i);
    [rest[i], rest[at]] = [rest[at], rest[i]];
    return rest[i];
  });
}

type Words2 = readonly [number, number];
type Words4 = readonly [number, number, number, number];

/** Ten rounds of Philox4x32 on unsigned 32-bit words. */
export function philox(counter: Words4, key: Words2): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Upper 32 bits of the product of two unsigned 32-bit words; every partial sum is exact in a double. */
function multiplyHigh(x: number, y: number): number {
  const x0 = x & 0xffff;
  const x1 = x >>> 16;
  const y0 = y & 0xffff;
  const y1 = y >>> 16;
  const middle = x1 * y0 + Math.floor((x0 * y0) / 0x10000);
  const carry = x0 * y1 + (middle % 0x10000);
  return x1 * y1 + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}
