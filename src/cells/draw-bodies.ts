import { type Draws, smooth } from './draw-random.ts';

/** Something that takes up stain, or lets more light through: an ellipse, filled or a ring, with soft edges. Lengths in pixels. */
export interface Body {
  readonly x: number;
  readonly y: number;
  /** Radii along and across the direction. */
  readonly along: number;
  readonly across: number;
  readonly direction: readonly [number, number];
  /** 0 filled, else the half-width of a ring as a share of the radius. */
  readonly ring: number;
  /** How much denser it is ahead, in its direction, than behind: 0 even, 1 nothing behind. */
  readonly uneven: number;
  /** Width of the soft edge as a share of the radius. */
  readonly soft: number;
  /** Share of light taken away where it is densest; below 0 it is lighter than the cell. */
  readonly density: number;
  readonly stain: Stain;
}

/** Which share of red, green and blue a dense stain takes away. */
export type Stain = readonly [red: number, green: number, blue: number];

/**
 * Dense chromatin is magenta on rose cells, violet on blue ones: at its darkest point a parasite of the NIH set has .81, .28 and .87
 * of the red, green and blue of its cell (median).
 */
export const chromatin: Stain = [0.26, 0.95, 0.18];
export const cytoplasm: Stain = [0.24, 0.5, 0.1];
export const pigment: Stain = [0.6, 0.85, 0.8];
/** Out of focus above the cell. */
export const dust: Stain = [0.55, 0.75, 0.6];
export const light: Stain = [0.65, 1, 0.5];

/** How dense a body is at a point, from 0 to 1. */
export function bodyAt(body: Body, x: number, y: number): number {
  const dx = x - body.x;
  const dy = y - body.y;
  const [c, s] = body.direction;
  const u = (dx * c + dy * s) / body.along;
  const v = (dy * c - dx * s) / body.across;
  const square = u * u + v * v;
  if (square > 4) return 0;
  const r = Math.sqrt(square);
  const depth = body.ring > 0 ? body.ring - (r > 1 ? r - 1 : 1 - r) : 1 - r;
  const ahead = r > 0 && body.uneven > 0 ? (1 + (body.uneven * u) / r) / (1 + body.uneven) : 1;
  return ahead * smooth(depth / body.soft + 0.5);
}

export type Point = readonly [x: number, y: number];

/** A filled body of any direction, up to `stretch` times as long as a circle. */
export function drawBody(
  draws: Draws,
  [x, y]: Point,
  radius: number,
  density: number,
  stain: Stain,
  stretch = 1.25,
): Body {
  const along = draws.between(1, stretch);
  return {
    x,
    y,
    along: radius * along,
    across: radius / along,
    direction: draws.direction(),
    ring: 0,
    uneven: 0,
    soft: 0.7,
    density,
    stain,
  };
}

/** A point between two distances from another. */
export function drawPoint(draws: Draws, [x, y]: Point, nearest: number, farthest: number): Point {
  const [c, s] = draws.direction();
  const distance = draws.between(nearest, farthest);
  return [x + c * distance, y + s * distance];
}
