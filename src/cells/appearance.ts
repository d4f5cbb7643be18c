import { type CellMask, cellMask } from './cell-mask.ts';
import type { CellImage } from './image.ts';
import { largestPiece } from './pieces.ts';
import { type Run, runsOf } from './runs.ts';

/** How an image looks, in figures that say nothing of parasites, but tell a cell from what is none. */
export interface Appearance {
  /** Longer side of the box around the cell, in pixels. */
  readonly diameter: number;
  /** Share of the image that is not black. */
  readonly fill: number;
  /** Share of the cell's pixels that are not in its largest connected piece. */
  readonly scattered: number;
  /** Share of its convex hull that the cell fills: 1 for a disc, less where it is waisted or bent. */
  readonly solidity: number;
  /** Length by width, as standard deviations along its axes: 1 for a disc. */
  readonly elongation: number;
  /** Longest edge of its convex hull, as a share of its diameter: a disc has none, one cut in half has one as long as itself. */
  readonly straightEdge: number;
  /** Standard deviation of its brightness, as a share of the mean. */
  readonly texture: number;
  /** Mean difference of a pixel from the mean of its four neighbours, as a share of the mean brightness. */
  readonly sharpness: number;
  /** Share of it with less than .6 of the green of its lightest parts, as stained nuclei have. */
  readonly stained: number;
  /** Medians, 0 to 255, and how far the others are from green. */
  readonly green: number;
  readonly redOverGreen: number;
  readonly blueOverGreen: number;
}

/** Nearer to the outline, the black beside it would count as texture. */
const MARGIN = 3;
const STAINED = 0.6;

/** Null where the whole image is black. */
export function appearanceOf(image: CellImage): Appearance | null {
  const mask = cellMask(image);
  const { area, box, colour } = mask;
  if (area === 0) return null;
  const [red, green, blue] = colour;
  const diameter = Math.max(box.right - box.left, box.bottom - box.top);
  const runs = runsOf(mask.inside, image.width);
  const hull = convexHull(runs);
  return {
    diameter,
    fill: area / mask.inside.length,
    scattered: 1 - largestPiece(runs) / area,
    solidity: area / polygonArea(hull),
    elongation: elongation(runs, area),
    straightEdge: longestEdge(hull) / diameter,
    ...textureAndSharpness(mask, image.width),
    stained: stainedShare(mask),
    green,
    redOverGreen: red - green,
    blueOverGreen: blue - green,
  };
}

type Point = readonly [x: number, y: number];

/** Of the corners of the cell's pixels, in order around it. Each row's outermost pixels are enough. */
function convexHull(runs: readonly Run[]): Point[] {
  const [leftSide, rightSide]: Point[][] = [[], []];
  runs.forEach(({ y, from, to }, i) => {
    const isFirst = runs[i - 1]?.y !== y;
    const isLast = runs[i + 1]?.y !== y;
    for (const row of [y, y + 1]) {
      if (isFirst) addToChain(leftSide, [from, row], 1);
      if (isLast) addToChain(rightSide, [to, row], -1);
    }
  });
  return [...leftSide, ...rightSide.reverse()];
}

/** Andrew's monotone chain: what bends inwards is dropped. */
function addToChain(chain: Point[], point: Point, side: 1 | -1): void {
  while (chain.length >= 2) {
    const [a, b] = [chain[chain.length - 2], chain[chain.length - 1]];
    const turn = (b[0] - a[0]) * (point[1] - b[1]) - (b[1] - a[1]) * (point[0] - b[0]);
    if (side * turn < 0) break;
    chain.pop();
  }
  chain.push(point);
}

function polygonArea(points: readonly Point[]): number {
  const twice = points.reduce((sum, [x, y], i) => {
    const [u, v] = points[(i + 1) % points.length];
    return sum + x * v - u * y;
  }, 0);
  return Math.abs(twice) / 2;
}

function longestEdge(points: readonly Point[]): number {
  const squares = points.map(([x, y], i) => {
    const [u, v] = points[(i + 1) % points.length];
    return (u - x) * (u - x) + (v - y) * (v - y);
  });
  return Math.sqrt(squares.reduce((a, b) => Math.max(a, b), 0));
}

/** From the second moments; a pixel of its own adds 1/12 to each, so that a line is not without width. */
function elongation(runs: readonly Run[], area: number): number {
  let [sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0];
  for (const { y, from, to } of runs) {
    const n = to - from;
    const sum = sumBelow(to) - sumBelow(from);
    sx += sum;
    sy += n * y;
    sxx += squaresBelow(to) - squaresBelow(from);
    sxy += sum * y;
    syy += n * y * y;
  }
  const xx = sxx / area - (sx / area) ** 2 + 1 / 12;
  const yy = syy / area - (sy / area) ** 2 + 1 / 12;
  const xy = sxy / area - (sx / area) * (sy / area);
  const middle = (xx + yy) / 2;
  const spread = Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
  return Math.sqrt((middle + spread) / (middle - spread));
}

/** 0 + 1 + ... + (n - 1). */
const sumBelow = (n: number) => (n * (n - 1)) / 2;
/** 0 + 1 + 4 + ... + (n - 1) squared. */
const squaresBelow = (n: number) => (n * (n - 1) * (2 * n - 1)) / 6;

/** Of the pixels that have cell all around them; without any, as flat as can be. */
function textureAndSharpness(
  { inside, box, brightness }: CellMask,
  width: number,
): Pick<Appearance, 'texture' | 'sharpness'> {
  const rows = MARGIN * width;
  let [count, sum, squares, differences] = [0, 0, 0, 0];
  for (let y = box.top + MARGIN; y < box.bottom - MARGIN; y++) {
    // Small integers within a row: compiled code keeps them in registers.
    let [sum1, sum2, fourfold] = [0, 0, 0];
    const end = y * width + box.right - MARGIN;
    for (let pixel = y * width + box.left + MARGIN; pixel < end; pixel++) {
      const around = inside[pixel - MARGIN] & inside[pixel + MARGIN];
      if ((around & inside[pixel - rows] & inside[pixel + rows]) === 0) continue;
      const value = brightness[pixel];
      const beside = brightness[pixel - 1] + brightness[pixel + 1];
      const neighbours = beside + brightness[pixel - width] + brightness[pixel + width];
      count++;
      sum1 += value;
      sum2 += value * value;
      fourfold += Math.abs(4 * value - neighbours);
    }
    sum += sum1;
    squares += sum2;
    differences += fourfold / 4;
  }
  if (count === 0 || sum === 0) return { texture: 0, sharpness: 0 };
  const mean = sum / count;
  return {
    texture: Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean,
    sharpness: differences / sum,
  };
}

function stainedShare({ greens, area }: CellMask): number {
  let above = 0;
  let light = 255;
  while (light > 0 && above + greens[light] < area / 10) above += greens[light--];
  return greens.reduce((sum, count, green) => sum + (green < STAINED * light ? count : 0), 0) / area;
}
