import type { Preprocessing } from './preprocessing.ts';
import type { Augmentation } from './recipe.ts';

/** A pixel belongs to the cell where the sum of its channels (0 ... 765) is above this; the rest is black. */
export const BLACK_BELOW = 30;

/**
 * Varies brightness, contrast, saturation and stain of the fitted image, in place, inside the cell only: the black
 * around it stays as it is. All four together are one 3x3 matrix and a constant per image, applied to pixel levels
 * and clipped to 0 ... 255.
 */
export function varyColour(
  values: Float32Array,
  preprocessing: Preprocessing,
  augmentation: Augmentation,
  draw: () => number,
): void {
  const { brightness = 0, contrast = 0, saturation = 0, stain = 0 } = augmentation;
  if (brightness === 0 && contrast === 0 && saturation === 0 && stain === 0) return;
  const factor = (share: number) => 1 + share * (2 * draw() - 1);
  const gain = factor(brightness);
  const spread = factor(contrast);
  const chroma = factor(saturation);
  const gains = [factor(stain) * gain, factor(stain) * gain, factor(stain) * gain];

  const { scale } = preprocessing;
  const [red, green, blue] = preprocessing.offset === 0 ? [0, 0, 0] : preprocessing.offset;
  const mean = meanColour(values, scale, [red, green, blue]);
  // Away from grey by `chroma`, away from the mean colour by `spread`, then the channels' gains.
  const own = spread * chroma;
  const grey = (spread * (1 - chroma)) / 3;
  for (let i = 0; i < values.length; i += 3) {
    const r = (values[i] - red) / scale;
    const g = (values[i + 1] - green) / scale;
    const b = (values[i + 2] - blue) / scale;
    const sum = r + g + b;
    if (sum <= BLACK_BELOW) continue;
    const shared = grey * sum;
    values[i] = clip((own * r + shared + (1 - spread) * mean[0]) * gains[0]) * scale + red;
    values[i + 1] = clip((own * g + shared + (1 - spread) * mean[1]) * gains[1]) * scale + green;
    values[i + 2] = clip((own * b + shared + (1 - spread) * mean[2]) * gains[2]) * scale + blue;
  }
}

/** Mean level of each channel inside the cell; 0 where there is no cell. */
function meanColour(
  values: Float32Array,
  scale: number,
  offset: readonly number[],
): readonly [number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  let pixels = 0;
  for (let i = 0; i < values.length; i += 3) {
    const r = (values[i] - offset[0]) / scale;
    const g = (values[i + 1] - offset[1]) / scale;
    const b = (values[i + 2] - offset[2]) / scale;
    if (r + g + b <= BLACK_BELOW) continue;
    red += r;
    green += g;
    blue += b;
    pixels++;
  }
  return pixels === 0 ? [0, 0, 0] : [red / pixels, green / pixels, blue / pixels];
}

function clip(level: number): number {
  return Math.min(255, Math.max(0, level));
}
