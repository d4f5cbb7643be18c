import { type Draws, smooth } from './draw-random.ts';

/** Something that takes up stain: an ellipse, filled or a ring, with soft edges. Lengths in pixels. */
export interface Body {
  readonly x: number;
  readonly y: number;
  /** Radii along and across the direction. */
  readonly along: number;
  readonly across: number;
  readonly direction: readonly [number, number];
  /** 0 filled, else the half-width of a ring as a share of the radius. */
  readonly ring: number;
  /** Width of the soft edge as a share of the radius. */
  readonly soft: number;
  /** Share of light taken away where it is densest. */
  readonly density: number;
  readonly stain: Stain;
}

/** Which share of red, green and blue a dense stain takes away. */
export type Stain = readonly [number, number, number];

export const chromatin: Stain = [0.42, 0.92, 0.38];
export const cytoplasm: Stain = [0.35, 0.6, 0.2];
export const pigment: Stain = [0.75, 0.85, 0.95];
export const platelet: Stain = [0.25, 0.55, 0.18];

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
  return smooth(depth / body.soft + 0.5);
}

function body(
  draws: Draws,
  at: readonly [number, number],
  radius: number,
  density: number,
  stain: Stain,
): Body {
  const stretch = draws.between(0.8, 1.25);
  return {
    x: at[0],
    y: at[1],
    along: radius * stretch,
    across: radius / stretch,
    direction: draws.direction(),
    ring: 0,
    soft: 0.6,
    density,
    stain,
  };
}

/** A point of the cell: `share` of the way from its centre to its edge. */
function place(draws: Draws, radius: number, from: number, to: number): [number, number] {
  const [c, s] = draws.direction();
  const distance = radius * draws.between(from, to);
  return [c * distance, s * distance];
}

/** The bodies of one parasite, from ring form to schizont, in a cell of the given radius. */
export function drawParasite(draws: Draws, radius: number): Body[] {
  const stage = draws.between(0, 1);
  if (stage < 0.68) return ringForm(draws, radius);
  return stage < 0.9 ? trophozoite(draws, radius) : schizont(draws, radius);
}

/** A thin ring of cytoplasm with one or two chromatin dots on it. */
function ringForm(draws: Draws, radius: number): Body[] {
  const at = place(draws, radius, 0.05, 0.78);
  const size = radius * draws.between(0.15, 0.25);
  const ring = { ...body(draws, at, size, draws.between(0.3, 0.65), cytoplasm), ring: 0.2, soft: 0.35 };
  const dots = Array.from({ length: draws.chance(0.25) ? 2 : 1 }, () => {
    const [c, s] = draws.direction();
    const dot: [number, number] = [at[0] + c * size, at[1] + s * size];
    return body(draws, dot, radius * draws.between(0.06, 0.11), draws.between(0.6, 1), chromatin);
  });
  return [ring, ...dots];
}

/** A larger, uneven body with chromatin and brown pigment. */
function trophozoite(draws: Draws, radius: number): Body[] {
  const at = place(draws, radius, 0, 0.5);
  const size = radius * draws.between(0.25, 0.42);
  const near = (spread: number): [number, number] => {
    const [dx, dy] = place(draws, size, 0, spread);
    return [at[0] + dx, at[1] + dy];
  };
  const lobes = Array.from({ length: 3 }, () =>
    body(draws, near(0.6), size * draws.between(0.5, 0.8), 0.4, cytoplasm),
  );
  const grains = Array.from({ length: draws.whole(1, 3) }, () =>
    body(draws, near(0.5), radius * 0.04, 0.7, pigment),
  );
  return [...lobes, body(draws, near(0.5), size * draws.between(0.3, 0.45), 0.9, chromatin), ...grains];
}

/** Many merozoites around a clump of pigment. */
function schizont(draws: Draws, radius: number): Body[] {
  const at = place(draws, radius, 0, 0.25);
  const merozoites = Array.from({ length: draws.whole(6, 12) }, () => {
    const [dx, dy] = place(draws, radius, 0.12, 0.5);
    return body(
      draws,
      [at[0] + dx, at[1] + dy],
      radius * draws.between(0.07, 0.11),
      draws.between(0.6, 0.9),
      chromatin,
    );
  });
  return [
    body(draws, at, radius * 0.5, 0.3, cytoplasm),
    ...merozoites,
    body(draws, at, radius * 0.08, 0.8, pigment),
  ];
}

/** What is on uninfected cells too and must not be taken for a parasite: specks of stain, a platelet, dirt at the edge. */
export function drawDecoys(draws: Draws, radius: number): Body[] {
  const kind = draws.between(0, 1);
  if (kind < 0.6) return [];
  if (kind < 0.85) {
    return Array.from({ length: draws.whole(1, 4) }, () =>
      body(
        draws,
        place(draws, radius, 0, 0.95),
        radius * draws.between(0.02, 0.05),
        draws.between(0.2, 0.6),
        chromatin,
      ),
    );
  }
  const at = place(draws, radius, 0.6, 1);
  const size = radius * draws.between(0.14, 0.22);
  const halo = { ...body(draws, at, size * 1.5, -0.12, platelet), soft: 0.8 };
  const granules = Array.from({ length: 4 }, () => {
    const [dx, dy] = place(draws, size, 0, 0.6);
    return body(draws, [at[0] + dx, at[1] + dy], size * 0.25, 0.3, chromatin);
  });
  return [halo, { ...body(draws, at, size, 0.45, platelet), soft: 0.8 }, ...granules];
}
