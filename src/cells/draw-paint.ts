import { type Body, bodyAt } from './draw-bodies.ts';
import type { Outline } from './draw-outline.ts';
import { type Draws, hash, noise, smooth } from './draw-random.ts';
import type { CellImage } from './image.ts';

/** How a cell looks where nothing lies in or on it. */
export interface Surface {
  /** Red, green, blue, 0 to 255. */
  readonly colour: readonly [number, number, number];
  /** How much paler the middle and the edge are. */
  readonly pallor: number;
  readonly rim: number;
}

/** Where a cell is paler, by red, green and blue. */
const PALER = [0.65, 1, 0.42] as const;
/** The outline is one value for blocks of pixels, as the segmentation of the NIH set was. */
export const BLOCK = 4;
/** How far, in pixels, bodies are bent out of shape. */
const BEND = 2.5;

/** Sets the colour of the pixel at x, y, so far below the edge (see Outline). */
export type Paint = (x: number, y: number, depth: number, rgb: Float64Array) => void;

/** Paints a cell of a radius with what lies in and on it. */
export function painter(draws: Draws, surface: Surface, radius: number, bodies: readonly Body[]): Paint {
  const seed = draws.whole(0, 2 ** 31 - 1);
  const shade = draws.between(0.96, 1.04);
  const pallor = surface.pallor * draws.between(0.5, 1.3);
  const [paleX, paleY] = draws.direction().map((c) => c * draws.between(0, 0.2));
  const [lightX, lightY] = draws.direction();
  return (x, y, depth, rgb) => {
    const toEdge = 1 - depth;
    const dx = x / radius - paleX;
    const dy = y / radius - paleY;
    const pale =
      pallor * smooth((0.6 - Math.sqrt(dx * dx + dy * dy)) / 0.5) +
      surface.rim * smooth((toEdge - 0.86) / 0.16) -
      0.025 * smooth((toEdge - 0.3) / 0.35);
    const slope = (0.02 * (x * lightX + y * lightY)) / radius;
    const level = shade * (1 + slope + 0.02 * noise(seed, x, y, 12));
    for (let c = 0; c < 3; c++) rgb[c] = surface.colour[c] * level * (1 + pale * PALER[c]);
    paintBodies(bodies, seed, x, y, rgb);
    const grain = 3 * (hash(seed, x, y) - 0.5);
    for (let c = 0; c < 3; c++) rgb[c] += grain;
  };
}

/** Lays bodies over the colour at x, y. The seed bends them, so that none is a perfect ellipse. */
export function paintBodies(
  bodies: readonly Body[],
  seed: number,
  x: number,
  y: number,
  rgb: Float64Array,
): void {
  if (!bodies.some((body) => isNear(body, x, y))) return;
  const bentX = x + BEND * noise(seed ^ 1, x, y, 7);
  const bentY = y + BEND * noise(seed ^ 2, x, y, 7);
  for (const body of bodies) {
    const dense = body.density * bodyAt(body, bentX, bentY);
    if (dense !== 0) for (let c = 0; c < 3; c++) rgb[c] *= 1 - dense * body.stain[c];
  }
}

/** How far from its middle a body may change a colour, in pixels. */
export function bodyReach(body: Body): number {
  return body.along * (1 + body.ring + body.soft / 2) + BEND;
}

function isNear(body: Body, x: number, y: number): boolean {
  const reach = bodyReach(body);
  return Math.abs(x - body.x) < reach && Math.abs(y - body.y) < reach;
}

/** Paints what lies within the outline, by blocks, and cuts the image to it. */
export function cropped(half: number, outline: Outline, paint: Paint): CellImage {
  const inside: [number, number][] = [];
  for (let y = -half; y < half; y += BLOCK) {
    for (let x = -half; x < half; x += BLOCK) {
      if (outline.cut(x + BLOCK / 2, y + BLOCK / 2) > 0) inside.push([x, y]);
    }
  }
  const left = Math.min(...inside.map(([x]) => x));
  const top = Math.min(...inside.map(([, y]) => y));
  const width = Math.max(...inside.map(([x]) => x)) + BLOCK - left;
  const height = Math.max(...inside.map(([, y]) => y)) + BLOCK - top;
  const data = new Uint8Array(3 * width * height);
  const rgb = new Float64Array(3);
  for (const [blockX, blockY] of inside) {
    for (let i = 0; i < BLOCK * BLOCK; i++) {
      const x = blockX + (i % BLOCK);
      const y = blockY + Math.floor(i / BLOCK);
      paint(x, y, Math.max(0, outline.depth(x, y)), rgb);
      const at = 3 * ((y - top) * width + x - left);
      for (let c = 0; c < 3; c++) data[at + c] = Math.max(0, Math.min(255, Math.round(rgb[c])));
    }
  }
  return { width, height, data };
}
