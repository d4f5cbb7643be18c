import type { Draws } from './draw-random.ts';
import { noise } from './draw-random.ts';

/** Where a cell is: a depth of 1 at its centre, 0 on its edge, negative outside. Lengths in pixels, from the centre. */
export interface Outline {
  /** Of the cell as it grew. */
  depth(x: number, y: number): number;
  /** Of what was cut out: less where a neighbour cut in, more where a scrap hangs on. */
  cut(x: number, y: number): number;
}

/**
 * A circle with waves of two to six around it (an ellipse, corners, dents), then what segmentation makes of it: a frayed edge,
 * straight cuts where a neighbour lay, bites, scraps of a neighbour that hang on.
 */
export function drawOutline(draws: Draws, radius: number): Outline {
  const depth = drawShape(draws, radius);
  const seed = draws.whole(0, 2 ** 31 - 1);
  const frayed = draws.chance(0.35) ? draws.between(0.06, 0.16) : draws.between(0, 0.05);
  const changes: Change[] = [];
  if (draws.chance(0.22)) changes.push(straightCut(draws, radius));
  if (draws.chance(0.14)) changes.push(bite(draws, radius));
  for (let i = draws.chance(0.3) ? draws.whole(1, 2) : 0; i > 0; i--) changes.push(scrap(draws, radius));
  return {
    depth,
    cut(x, y) {
      const edge = depth(x, y) + frayed * noise(seed, x, y, 9);
      return changes.reduce((left, change) => change(left, x, y), edge);
    },
  };
}

function drawShape(draws: Draws, radius: number): Outline['depth'] {
  const irregular = draws.between(0.2, 1);
  const waves = [0.11, 0.045, 0.03, 0.02, 0.012].map((size) => {
    const [c, s] = draws.direction();
    return [irregular * size * c, irregular * size * s];
  });
  return (x, y) => {
    const r = Math.sqrt(x * x + y * y);
    if (r === 0) return 1;
    // Cosine and sine of multiples of the angle are powers of the complex number (c + is).
    const c = x / r;
    const s = y / r;
    let re = c;
    let im = s;
    let edge = 1;
    for (const [a, b] of waves) {
      [re, im] = [re * c - im * s, re * s + im * c];
      edge += a * re + b * im;
    }
    return 1 - r / (radius * edge);
  };
}

/** Makes more or less of the depth at a point. */
type Change = (depth: number, x: number, y: number) => number;

function straightCut(draws: Draws, radius: number): Change {
  const [c, s] = draws.direction();
  const distance = draws.between(0.6, 0.95);
  return (depth, x, y) => Math.min(depth, distance - (x * c + y * s) / radius);
}

function bite(draws: Draws, radius: number): Change {
  const [c, s] = draws.direction();
  const size = draws.between(0.2, 0.45);
  const distance = draws.between(0.75, 1) + 0.6 * size;
  return (depth, x, y) => {
    const dx = x / radius - distance * c;
    const dy = y / radius - distance * s;
    return Math.min(depth, Math.sqrt(dx * dx + dy * dy) - size);
  };
}

/** A tongue that starts inside the cell and gets thinner outwards. */
function scrap(draws: Draws, radius: number): Change {
  const [c, s] = draws.direction();
  const length = draws.between(0.15, 0.5);
  const width = draws.between(0.12, 0.32);
  const lean = draws.between(-0.5, 0.5);
  return (depth, x, y) => {
    const out = (x * c + y * s) / radius - 0.8;
    const across = (y * c - x * s) / radius - lean * out;
    if (out < 0 || out > 0.2 + length) return depth;
    return Math.max(depth, width * (1 - (0.8 * out) / (0.2 + length)) - Math.abs(across));
  };
}
