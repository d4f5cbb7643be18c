import type { Colour } from './colour.ts';
import { drawBlood } from './draw-blood.ts';
import { drawImage } from './draw-canvas.ts';
import { drawMistakes } from './draw-mistakes.ts';
import { type Draws, drawsOf } from './draw-random.ts';
import { drawScenes } from './draw-scenes.ts';
import type { CellImage } from './image.ts';

/** A drawn image that is not one red cell, as a classifier knows them, and what it shows, e.g. `white cell, lobed nucleus`. */
export interface NonCell {
  readonly name: string;
  readonly image: CellImage;
}

/** What a red cell's image is about, in pixels. */
const SIDE = 130;

/**
 * Draws what a classifier of cut-out red cells should not be sure of: no cells at all (noise, plain colours, shapes, stripes, text,
 * landscapes, images of a few pixels), other things in blood (white cells, platelets, the plasma), and red cells that were cut
 * out, stained or focused wrong (two side by side, cut off, not masked, blurred, of another colour). About sixty images, each under
 * a name of its own, the same names for every seed.
 *
 * The same seed gives the same bytes on every machine. For tests: a model that is confident of any of them knows too little
 * of what it does not know.
 *
 * @param seed whole number
 */
export function drawNonCells(seed: number): NonCell[] {
  const kinds = [drawPlain, drawShapes, drawTiny, drawScenes, drawBlood, drawMistakes];
  return kinds.flatMap((draw, i) =>
    Object.entries(draw(drawsOf(seed, 4, i))).map(([name, image]) => ({ name, image })),
  );
}

const COLOURS: Readonly<Record<string, Colour>> = {
  rose: [205, 145, 155],
  purple: [120, 60, 140],
  blue: [40, 80, 200],
  green: [60, 160, 70],
  yellow: [235, 215, 60],
  white: [250, 250, 250],
};
const BLACK: Colour = [0, 0, 0];

function drawPlain(draws: Draws): Record<string, CellImage> {
  const plain = (level: number) => drawImage(SIDE, SIDE, () => [level, level, level]);
  const level = () => draws.between(0, 256);
  const grey = () => {
    const value = level();
    return [value, value, value] as const;
  };
  const disc = (x: number, y: number) =>
    inDisc(x, y, SIDE / 2) ? ([level(), level(), level()] as const) : BLACK;
  return {
    black: plain(0),
    white: plain(255),
    grey: plain(draws.between(90, 160)),
    noise: drawImage(SIDE, SIDE, () => [level(), level(), level()]),
    'noise, grey': drawImage(SIDE, SIDE, grey),
    'noise in a disc': drawImage(SIDE, SIDE, disc),
  };
}

/** Discs and squares of one colour on black, as a segmented cell lies, and stripes. */
function drawShapes(draws: Draws): Record<string, CellImage> {
  const images: Record<string, CellImage> = {};
  for (const [name, colour] of Object.entries(COLOURS)) {
    const [radius, half] = [draws.between(45, 64), draws.between(40, 60)];
    images[`disc, ${name}`] = drawImage(SIDE, SIDE, (x, y) => (inDisc(x, y, radius) ? colour : BLACK));
    images[`square, ${name}`] = drawImage(SIDE, SIDE, (x, y) =>
      Math.max(Math.abs(x + 0.5 - SIDE / 2), Math.abs(y + 0.5 - SIDE / 2)) < half ? colour : BLACK,
    );
  }
  const width = draws.whole(4, 12);
  const stripes = (at: (x: number, y: number) => number, [a, b]: readonly Colour[]) =>
    drawImage(SIDE, SIDE, (x, y) => (Math.floor(at(x, y) / width) % 2 === 0 ? a : b));
  return {
    ...images,
    'stripes, across': stripes((_, y) => y, [BLACK, COLOURS['white']]),
    'stripes, slanting': stripes((x, y) => x + y, [COLOURS['rose'], COLOURS['purple']]),
    checkerboard: drawImage(SIDE, SIDE, (x, y) =>
      (Math.floor(x / width) + Math.floor(y / width)) % 2 === 0 ? BLACK : COLOURS['white'],
    ),
  };
}

/** Images of 1 to 8 pixels a side, in the colours of a cell. */
function drawTiny(draws: Draws): Record<string, CellImage> {
  const images: Record<string, CellImage> = {};
  for (const [width, height] of [
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 4],
    [8, 8],
    [1, 8],
  ]) {
    const level = (c: number) => COLOURS['rose'][c] * draws.between(0.7, 1.1);
    images[`tiny, ${width} x ${height}`] = drawImage(width, height, () => [level(0), level(1), level(2)]);
  }
  return images;
}

function inDisc(x: number, y: number, radius: number): boolean {
  const [dx, dy] = [x + 0.5 - SIDE / 2, y + 0.5 - SIDE / 2];
  return dx * dx + dy * dy < radius * radius;
}
