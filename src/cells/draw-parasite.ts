import {
  type Body,
  chromatin,
  cytoplasm,
  drawBody,
  drawPoint,
  light,
  type Point,
  pigment,
} from './draw-bodies.ts';
import type { Draws } from './draw-random.ts';

const CENTRE: Point = [0, 0];

/** The bodies of one parasite of P. falciparum, in a cell of the given radius: most are ring forms, as in blood from a vein. */
export function drawParasite(draws: Draws, radius: number): Body[] {
  const stage = draws.between(0, 1);
  if (stage < 0.72) return ringForm(draws, radius);
  return stage < 0.93 ? trophozoite(draws, radius) : schizont(draws, radius);
}

/** A thin, uneven ring of cytoplasm around a clearing, with one or two chromatin dots on it. */
function ringForm(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0.1 * radius, 0.75 * radius);
  const size = radius * draws.between(0.14, 0.25);
  const ring = {
    ...drawBody(draws, at, size, draws.between(0.4, 0.85), cytoplasm, 1.2),
    ring: draws.between(0.14, 0.3),
    uneven: draws.between(0, 0.7),
    soft: 0.4,
  };
  const clearing = drawBody(draws, at, 0.85 * size, -draws.between(0.02, 0.07), light);
  const dots = Array.from({ length: draws.chance(0.25) ? 2 : 1 }, () =>
    drawBody(
      draws,
      drawPoint(draws, at, 0.85 * size, 1.1 * size),
      radius * draws.between(0.06, 0.11),
      draws.between(0.55, 0.95),
      chromatin,
      1.5,
    ),
  );
  return [clearing, ring, ...dots];
}

/** A larger, uneven body with a streak of chromatin and brown pigment. */
function trophozoite(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0, 0.6 * radius);
  const size = radius * draws.between(0.22, 0.36);
  const near = (share: number) => drawPoint(draws, at, 0, share * size);
  const lobes = Array.from({ length: 3 }, () =>
    drawBody(draws, near(0.7), size * draws.between(0.5, 0.8), draws.between(0.25, 0.5), cytoplasm, 1.5),
  );
  const streak = drawBody(
    draws,
    near(0.6),
    size * draws.between(0.25, 0.42),
    draws.between(0.5, 0.9),
    chromatin,
    1.8,
  );
  const grains = Array.from({ length: draws.whole(0, 3) }, () =>
    drawBody(draws, near(0.5), radius * 0.04, 0.6, pigment),
  );
  return [...lobes, streak, ...grains];
}

/** Six to twelve merozoites around a clump of pigment. */
function schizont(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0, 0.25 * radius);
  const merozoites = Array.from({ length: draws.whole(6, 12) }, () =>
    drawBody(
      draws,
      drawPoint(draws, at, 0.12 * radius, 0.45 * radius),
      radius * draws.between(0.07, 0.11),
      draws.between(0.5, 0.85),
      chromatin,
    ),
  );
  return [
    drawBody(draws, at, radius * 0.5, 0.35, cytoplasm),
    ...merozoites,
    drawBody(draws, at, radius * 0.08, 0.8, pigment),
  ];
}
