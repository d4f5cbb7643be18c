import type { Body } from '../../src/cells/draw-bodies.ts';
import { drawOutline } from '../../src/cells/draw-outline.ts';
import { BLOCK, cropped, painter } from '../../src/cells/draw-paint.ts';
import { type Draws, drawsOf } from '../../src/cells/draw-random.ts';
import type { CellImage } from '../../src/cells/image.ts';

/** One drawn cell with nothing in it and with some bodies. */
export interface DrawnPair {
  readonly clean: CellImage;
  readonly image: CellImage;
  /** 1 where the two differ to be seen, one a pixel: where the bodies lie. */
  readonly bodies: Uint8Array;
}

/** Stains as `drawCells` has them: rose, lilac, grey, magenta. */
const STAINS = [
  [208, 142, 151],
  [180, 171, 184],
  [190, 144, 146],
  [183, 112, 147],
] as const;

/** Levels; the soft edge of a body goes on below, unseen. */
const SEEN = 6;

export function drawPair(seed: number, draw: (draws: Draws, radius: number) => Body[]): DrawnPair {
  const draws = drawsOf(seed, 9, 0);
  const radius = draws.between(53, 69);
  const surface = { colour: STAINS[seed % STAINS.length], pallor: 0.03, rim: draws.between(0.03, 0.2) };
  const outline = drawOutline(draws, radius);
  const bodies = draw(draws, radius);
  const half = Math.ceil((1.5 * radius) / BLOCK) * BLOCK;
  // The same draws for both, so that grain and shading are the same.
  const paint = (those: Body[]) =>
    cropped(half, outline, painter(drawsOf(seed, 9, 1), surface, radius, those));
  const [clean, image] = [paint([]), paint(bodies)];
  const differs = (i: number) =>
    [0, 1, 2].some((c) => Math.abs(clean.data[3 * i + c] - image.data[3 * i + c]) > SEEN);
  const pixels = image.width * image.height;
  return { clean, image, bodies: Uint8Array.from({ length: pixels }, (_, i) => Number(differs(i))) };
}
