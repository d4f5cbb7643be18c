/**
 * A number in [0, 1) from three integers, the same on every machine: two rounds of MurmurHash3's finaliser (Appleby),
 * counter-based, so that a pixel's noise needs no state.
 */
export function hash(seed: number, x: number, y: number): number {
  let h = (seed ^ Math.imul(x, 0x9e3779b1)) | 0;
  h = mix(h);
  h = mix((h ^ Math.imul(y, 0x85ebca77)) | 0);
  return (h >>> 0) / 2 ** 32;
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Draws for one purpose. */
export interface Draws {
  /** A number in [low, high). */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** A whole number in [low, high]. */
  whole(low: number, high: number): number;
  /** A direction, by rejection: sine and cosine differ between machines in the last bit. */
  direction(): readonly [number, number];
}

export function drawsOf(seed: number, ...keys: [number, number]): Draws {
  const stream = Math.floor(hash(seed, keys[0], keys[1]) * 2 ** 32) | 0;
  let drawn = 0;
  const next = () => hash(stream, drawn++, 0);
  const between = (low: number, high: number) => low + (high - low) * next();
  return {
    between,
    chance: (probability) => next() < probability,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    direction() {
      for (;;) {
        const x = between(-1, 1);
        const y = between(-1, 1);
        const square = x * x + y * y;
        if (square > 0.01 && square < 1) return [x / Math.sqrt(square), y / Math.sqrt(square)];
      }
    },
  };
}

/** Smooth noise in [-1, 1] with features of about `scale` pixels: lattice values, blended. */
export function noise(seed: number, x: number, y: number, scale: number): number {
  const i = Math.floor(x / scale);
  const j = Math.floor(y / scale);
  const u = smooth(x / scale - i);
  const v = smooth(y / scale - j);
  const top = hash(seed, i, j) * (1 - u) + hash(seed, i + 1, j) * u;
  const bottom = hash(seed, i, j + 1) * (1 - u) + hash(seed, i + 1, j + 1) * u;
  return 2 * (top * (1 - v) + bottom * v) - 1;
}

/** 0 below 0, 1 above 1, 3t^2 - 2t^3 between. */
export function smooth(t: number): number {
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  return t * t * (3 - 2 * t);
}
