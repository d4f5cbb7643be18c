import type { Colour } from './colour.ts';
import { drawCellAt } from './draw.ts';
import { drawImage, paste } from './draw-canvas.ts';
import { drawField } from './draw-field.ts';
import type { Draws } from './draw-random.ts';
import type { CellImage } from './image.ts';

/** Red cells that were cut out, focused or stained as none was that a classifier learnt from. */
export function drawMistakes(draws: Draws): Record<string, CellImage> {
  const seed = () => draws.whole(0, 2 ** 31 - 1);
  // All of one patient, the first of eight: every third cell is uninfected.
  const patient = seed();
  const cell = (number: number) => drawCellAt(patient, 8, 8 * (number - 1)).image;
  const [a, b, c, d] = [3, 6, 9, 12].map(cell);
  const [p, q] = [1, 2].map(cell);
  return {
    'two cells, side by side': sideBySide(a, b),
    'two cells, one parasitized': sideBySide(c, p),
    'two cells, one above the other': turned(sideBySide(turned(b), turned(d))),
    'cell cut in half': firstColumns(c, 0.5),
    'parasitized cell cut in half': firstColumns(q, 0.5),
    'strip of a cell': firstColumns(d, 0.25),
    'cell blurred': blurred(a, 9),
    'parasitized cell blurred': blurred(p, 9),
    'cell stained blue': recoloured(b, ([r, g, b]) => [0.5 * r, 0.9 * g, Math.max(r, b) * 1.1]),
    'cell stained green': recoloured(c, ([r, g, b]) => [0.8 * g, r, 0.8 * b]),
    'cell stained yellow': recoloured(d, ([r, g, b]) => [1.1 * r, r, 0.5 * Math.min(g, b)]),
    'cell without colour': recoloured(a, ([r, g, b]) => [(r + g + b) / 3, (r + g + b) / 3, (r + g + b) / 3]),
    'cell as a negative': recoloured(p, ([r, g, b]) => [255 - r, 255 - g, 255 - b]),
    'cell far too dark': recoloured(q, ([r, g, b]) => [0.3 * r, 0.3 * g, 0.3 * b]),
    'cell on glass, not cut out': drawField({ columns: 1, rows: 1, seed: seed() }).image,
    'whole field': drawField({ columns: 3, rows: 2, seed: seed() }).image,
  };
}

/** Two cells that touch, cut out as one. */
function sideBySide(left: CellImage, right: CellImage): CellImage {
  // Outlines are round: images that overlap a little make cells that touch.
  const overlap = 10;
  const height = Math.max(left.height, right.height);
  const both = drawImage(left.width + right.width - overlap, height, () => [0, 0, 0]);
  paste(both, left, 0, Math.floor((height - left.height) / 2));
  paste(both, right, left.width - overlap, Math.floor((height - right.height) / 2));
  return both;
}

/** By a quarter, rows becoming columns. */
function turned({ width, height, data }: CellImage): CellImage {
  return drawImage(height, width, (x, y) => colourOf(data, x * width + y));
}

function firstColumns({ width, height, data }: CellImage, share: number): CellImage {
  return drawImage(Math.ceil(width * share), height, (x, y) => colourOf(data, y * width + x));
}

function recoloured({ width, height, data }: CellImage, colour: (of: Colour) => Colour): CellImage {
  return drawImage(width, height, (x, y) => {
    const own = colourOf(data, y * width + x);
    return isBlack(own) ? own : colour(own);
  });
}

/** Out of focus: each pixel the mean of the cell's pixels in the square of 2 reach + 1 about it; the outline stays sharp. */
function blurred({ width, height, data }: CellImage, reach: number): CellImage {
  return drawImage(width, height, (x, y) => {
    if (isBlack(colourOf(data, y * width + x))) return [0, 0, 0];
    const sum = [0, 0, 0];
    let pixels = 0;
    for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
      for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
        const near = colourOf(data, v * width + u);
        if (isBlack(near)) continue;
        for (let c = 0; c < 3; c++) sum[c] += near[c];
        pixels++;
      }
    }
    return [sum[0] / pixels, sum[1] / pixels, sum[2] / pixels];
  });
}

function colourOf(data: Uint8Array, pixel: number): Colour {
  return [data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2]];
}

function isBlack([r, g, b]: Colour): boolean {
  return r + g + b === 0;
}
