import type { CellMask } from '../../cells/cell-mask.ts';
import type { CellImage } from '../../cells/image.ts';

/** A place in an image, in pixels from its left and upper edge. */
export type Point = readonly [x: number, y: number];

/** Width of a disc's soft edge, as a share of its radius: a sharp edge would be something to see for the network. */
const SOFT = 0.4;

/**
 * The image with a disc about each point painted over with the cell's own colour, one after another; what lies outside the
 * cell stays as it is. **All are the same buffer**: use each before taking the next.
 */
export function* occluded(
  image: CellImage,
  { inside, colour }: CellMask,
  points: readonly Point[],
  diameter: number,
): Generator<CellImage> {
  const { width, height } = image;
  const data = image.data.slice();
  const radius = diameter / 2;
  for (const point of points) {
    const { left, top, right, bottom } = discBox(image, point, diameter);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const i = y * width + x;
        if (inside[i] === 0) continue;
        const [dx, dy] = [x + 0.5 - point[0], y + 0.5 - point[1]];
        const depth = (radius - Math.sqrt(dx * dx + dy * dy)) / (SOFT * radius) + 0.5;
        const share = Math.max(0, Math.min(1, depth));
        for (let c = 0; c < 3; c++) {
          const value = image.data[3 * i + c];
          data[3 * i + c] = Math.round(value + (colour[c] - value) * share);
        }
      }
    }
    yield { width, height, data };
    for (let y = top; y < bottom; y++) {
      const [from, to] = [3 * (y * width + left), 3 * (y * width + right)];
      data.set(image.data.subarray(from, to), from);
    }
  }
}

/** Whether a disc may have any of the cell in it; where not, there is nothing to paint over. */
export function touchesCell(image: CellImage, { inside }: CellMask, point: Point, diameter: number): boolean {
  const { left, top, right, bottom } = discBox(image, point, diameter);
  for (let y = top; y < bottom; y++) {
    if (inside.subarray(y * image.width + left, y * image.width + right).includes(1)) return true;
  }
  return false;
}

/** The pixels around a disc with its soft edge. */
function discBox(image: CellImage, [x, y]: Point, diameter: number): CellMask['box'] {
  const reach = (diameter / 2) * (1 + SOFT / 2);
  const [left, top] = [x, y].map((centre) => Math.max(0, Math.floor(centre - reach)));
  const right = Math.max(left, Math.min(image.width, Math.ceil(x + reach)));
  const bottom = Math.max(top, Math.min(image.height, Math.ceil(y + reach)));
  return { left, top, right, bottom };
}
