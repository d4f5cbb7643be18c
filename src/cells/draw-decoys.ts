import {
  type Body,
  chromatin,
  drawBody,
  drawPoint,
  dust,
  light,
  type Point,
  pigment,
} from './draw-bodies.ts';
import { drawPlatelet } from './draw-platelet.ts';
import type { Draws } from './draw-random.ts';

const CENTRE: Point = [0, 0];

/**
 * What lies on cells, infected or not, and must not be taken for a parasite: specks of stain as dark as chromatin, a platelet, a
 * clump of stain at the edge, a bubble, dust out of focus.
 */
export function drawDecoys(draws: Draws, radius: number): Body[] {
  const kind = draws.between(0, 1);
  if (kind < 0.5) return specks(draws, radius);
  if (kind < 0.7) return drawPlatelet(draws, radius);
  if (kind < 0.82) return clump(draws, radius);
  return kind < 0.91 ? bubble(draws, radius) : smudge(draws, radius);
}

/** Small and sharp, round or rods, without anything around them. */
function specks(draws: Draws, radius: number): Body[] {
  const stain = draws.chance(0.85) ? chromatin : pigment;
  return Array.from({ length: draws.whole(1, 3) }, () => ({
    ...drawBody(
      draws,
      drawPoint(draws, CENTRE, 0, 0.9 * radius),
      radius * draws.between(0.04, 0.09),
      draws.between(0.5, 0.95),
      stain,
      1.8,
    ),
    soft: 0.6,
  }));
}

/** Precipitated stain that reaches beyond the edge. */
function clump(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0.88 * radius, 1.02 * radius);
  return Array.from({ length: draws.whole(3, 6) }, () =>
    drawBody(
      draws,
      drawPoint(draws, at, 0, 0.2 * radius),
      radius * draws.between(0.06, 0.14),
      draws.between(0.5, 0.9),
      chromatin,
      1.6,
    ),
  );
}

/** A bright point with a thin, dark rim: a ring without chromatin. */
function bubble(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0, 0.8 * radius);
  const size = radius * draws.between(0.08, 0.16);
  return [
    drawBody(draws, at, size, -draws.between(0.15, 0.3), light),
    { ...drawBody(draws, at, size, draws.between(0.3, 0.6), pigment), ring: 0.12, soft: 0.3 },
  ];
}

function smudge(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, CENTRE, 0.2 * radius, 0.9 * radius);
  return [
    {
      ...drawBody(draws, at, radius * draws.between(0.12, 0.2), draws.between(0.25, 0.5), dust, 1.6),
      soft: 1.4,
    },
  ];
}
