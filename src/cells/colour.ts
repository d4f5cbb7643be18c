import type { CellImage } from './image.ts';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The median of each channel on its own, the lower of two. Black where there is no colour. */
export function medianColour(colours: readonly Colour[]): Colour {
  const median = (channel: 0 | 1 | 2) => {
    const levels = colours.map((colour) => colour[channel]).sort((a, b) => a - b);
    return levels[Math.max(0, Math.ceil(levels.length / 2) - 1)] ?? 0;
  };
  return [median(0), median(1), median(2)];
}

/**
 * The image in another light and stain: each channel by its own gain, so that what has the colour `from` gets the colour `to`.
 * Black stays black; what would exceed 255 becomes 255.
 *
 * With `from` the usual colour of the red cells of a field and `to` that of the training cells, this is the second stage of Tek,
 * Dempster and Kale, "Adaptive gray world-based color normalization of thin blood film images" (arXiv 1607.04032), by medians in
 * place of means; on cells alone its first stage, the same for the plasma, cancels out. How much darker than its cell a parasite
 * is, by channel, stays as it was.
 *
 * @param from no channel 0
 */
export function matchColour(image: CellImage, from: Colour, to: Colour): CellImage {
  const levels = [0, 1, 2].map((c) =>
    Uint8ClampedArray.from({ length: 256 }, (_, level) => (level * to[c]) / from[c]),
  );
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) data[i + c] = levels[c][image.data[i + c]];
  }
  return { ...image, data };
}
