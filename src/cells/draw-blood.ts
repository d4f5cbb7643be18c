import { type Body, chromatin, drawBody, drawPoint, light, type Point, type Stain } from './draw-bodies.ts';
import { drawImage } from './draw-canvas.ts';
import { drawOutline } from './draw-outline.ts';
import { BLOCK, cropped, painter, type Surface } from './draw-paint.ts';
import { type Draws, hash } from './draw-random.ts';
import type { CellImage } from './image.ts';

const CENTRE: Point = [0, 0];
/** Of a red cell, in pixels: about 7.5 micrometres across. */
const RED_CELL_RADIUS = 62;

/** Nuclei of white cells are the darkest thing in a smear: violet, several times as dense as a parasite's cytoplasm. */
const nucleus: Stain = [0.6, 0.85, 0.35];
const granule: Stain = [0.15, 0.45, 0.1];

/** What lies in a thin smear beside red cells, cut out on black as those are. */
export function drawBlood(draws: Draws): Record<string, CellImage> {
  const glass = draws.whole(0, 2 ** 31 - 1);
  return {
    'white cell, lobed nucleus': neutrophil(draws),
    'white cell, lobed nucleus, on glass': onGlass(neutrophil(draws), glass),
    'white cell, round nucleus': lymphocyte(draws),
    'white cell, kidney-shaped nucleus': monocyte(draws),
    'bare nucleus': bareNucleus(draws),
    platelet: platelet(draws),
    'platelet, on glass': onGlass(platelet(draws), glass),
    'platelets, a clump': clump(draws),
    plasma: drawImage(130, 130, (x, y) => {
      const grain = 4 * (hash(glass, x, y) - 0.5);
      return [240 + grain, 236 + grain, 240 + grain];
    }),
  };
}

/** Three to five lobes in a row, bridges between them, in granular cytoplasm; twice as wide as a red cell. */
function neutrophil(draws: Draws): CellImage {
  const radius = RED_CELL_RADIUS * draws.between(1.5, 1.9);
  const lobes: Body[] = [];
  let at = drawPoint(draws, CENTRE, 0.3 * radius, 0.4 * radius);
  for (let i = draws.whole(3, 5); i > 0; i--) {
    lobes.push({ ...drawBody(draws, at, 0.27 * radius, 0.9, nucleus, 1.3), soft: 0.3 });
    // The next lobe lies beside this one and not far from the centre.
    const next = drawPoint(draws, at, 0.32 * radius, 0.45 * radius);
    at = [0.9 * next[0], 0.9 * next[1]];
  }
  const granules = Array.from({ length: 120 }, () =>
    drawBody(draws, drawPoint(draws, CENTRE, 0, 0.9 * radius), draws.between(2, 4), 0.4, granule),
  );
  return whole(draws, { colour: [222, 196, 206], pallor: 0, rim: 0.02 }, radius, [...granules, ...lobes]);
}

/** A round nucleus that leaves a narrow, blue rim; a little larger than a red cell. */
function lymphocyte(draws: Draws): CellImage {
  const radius = RED_CELL_RADIUS * draws.between(1.1, 1.4);
  const core = {
    ...drawBody(draws, CENTRE, draws.between(0.75, 0.85) * radius, 0.9, nucleus, 1.05),
    soft: 0.15,
  };
  const clumps = Array.from({ length: 14 }, () =>
    drawBody(draws, drawPoint(draws, CENTRE, 0, 0.65 * radius), 0.14 * radius, 0.35, nucleus),
  );
  return whole(draws, { colour: [170, 185, 222], pallor: 0, rim: 0.02 }, radius, [core, ...clumps]);
}

/** A large, bent nucleus in grey-blue cytoplasm with a few holes. */
function monocyte(draws: Draws): CellImage {
  const radius = RED_CELL_RADIUS * draws.between(1.7, 2.1);
  const [c, s] = draws.direction();
  const arm = (along: number, across: number): Point => [
    radius * (c * along - s * across),
    radius * (s * along + c * across),
  ];
  const nuclei = [arm(-0.15, 0), arm(0.1, 0.32), arm(0.1, -0.32)].map((at) => ({
    ...drawBody(draws, at, 0.38 * radius, 0.8, nucleus, 1.2),
    soft: 0.3,
  }));
  const vacuoles = Array.from({ length: draws.whole(3, 8) }, () =>
    drawBody(draws, drawPoint(draws, CENTRE, 0.6 * radius, 0.9 * radius), 0.06 * radius, -0.25, light),
  );
  return whole(draws, { colour: [186, 182, 206], pallor: 0, rim: 0.02 }, radius, [...vacuoles, ...nuclei]);
}

/** What is left of a white cell that burst while smearing. */
function bareNucleus(draws: Draws): CellImage {
  const radius = RED_CELL_RADIUS * draws.between(0.8, 1.1);
  const clumps = Array.from({ length: 20 }, () =>
    drawBody(draws, drawPoint(draws, CENTRE, 0, 0.8 * radius), 0.2 * radius, 0.3, nucleus, 1.5),
  );
  return whole(draws, { colour: [128, 70, 150], pallor: 0.1, rim: 0.15 }, radius, clumps);
}

/** Alone, a third of a red cell or less: pale lilac with violet granules in the middle. */
function platelet(draws: Draws): CellImage {
  return plateletOf(draws, RED_CELL_RADIUS * draws.between(0.25, 0.4));
}

/** Many platelets stuck together, as large as a red cell. */
function clump(draws: Draws): CellImage {
  return plateletOf(draws, RED_CELL_RADIUS * draws.between(0.8, 1), 3);
}

function plateletOf(draws: Draws, radius: number, granularity = 1): CellImage {
  const granules = Array.from({ length: 16 * granularity * granularity }, () =>
    drawBody(
      draws,
      drawPoint(draws, CENTRE, 0, 0.7 * radius),
      (radius * draws.between(0.08, 0.18)) / granularity,
      draws.between(0.3, 0.6),
      chromatin,
      1.4,
    ),
  );
  return whole(draws, { colour: [188, 160, 200], pallor: 0, rim: 0.15 }, radius, granules);
}

function whole(draws: Draws, surface: Surface, radius: number, bodies: readonly Body[]): CellImage {
  const half = Math.ceil((1.5 * radius) / BLOCK) * BLOCK;
  return cropped(half, drawOutline(draws, radius), painter(draws, surface, radius, bodies));
}

function onGlass(image: CellImage, seed: number): CellImage {
  const margin = 12;
  const { width, height, data } = image;
  return drawImage(width + 2 * margin, height + 2 * margin, (x, y) => {
    const [u, v] = [x - margin, y - margin];
    const at = 3 * (v * width + u);
    const isCell = u >= 0 && v >= 0 && u < width && v < height && data[at] + data[at + 1] + data[at + 2] > 0;
    const glass = 238 + 4 * (hash(seed, x, y) - 0.5);
    return isCell ? [data[at], data[at + 1], data[at + 2]] : [glass, glass - 3, glass];
  });
}
