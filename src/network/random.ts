/**
 * Uniform numbers in (0, 1) by a counter: the `index`-th depends on seed, key and index alone. Two rounds of the hash
 * "lowbias32" (Wellons 2018) for each half of a 53-bit fraction.
 */
export function counterRandom(seed: number, key: string): (index: number) => number {
  const salt = mix(mix(seed >>> 0) ^ mix(Math.floor(seed / 2 ** 32) + 1) ^ hashText(key));
  return (index) => {
    const high = mix(salt ^ mix(2 * index)) >>> 5;
    const low = mix(salt ^ mix(2 * index + 1)) >>> 6;
    return (high * 2 ** 26 + low + 0.5) / 2 ** 53;
  };
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
