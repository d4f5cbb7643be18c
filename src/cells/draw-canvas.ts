import type { Colour } from './colour.ts';
import type { CellImage } from './image.ts';

/** An image from the colour of each pixel; levels are rounded and kept within 0 to 255. */
export function drawImage(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): CellImage {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      const colour = colourAt(x, y);
      for (let c = 0; c < 3; c++) data[o + c] = Math.max(0, Math.min(255, Math.round(colour[c])));
    }
  }
  return { width, height, data };
}

/** Lays an image over another one, in place; where the upper one is black, the lower one shows. */
export function paste(lower: CellImage, upper: CellImage, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(upper.height, lower.height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(upper.width, lower.width - left); x++) {
      const from = 3 * (y * upper.width + x);
      const pixel = upper.data.subarray(from, from + 3);
      if (pixel.some((level) => level > 0)) {
        lower.data.set(pixel, 3 * ((top + y) * lower.width + left + x));
      }
    }
  }
}
