import type { CellImage } from './image.ts';

/** Decoded samples in rows from the top, channels interleaved. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
  readonly data: ArrayLike<number>;
  /** The sample that means full brightness: 255, 65535, or less for fewer bits. */
  readonly white: number;
  /** The colour that stands for "outside" in place of alpha (PNG's tRNS), one sample a channel. */
  readonly transparent?: ArrayLike<number>;
}

/**
 * To 8-bit RGB. Grey fills the three channels; more than 8 bits lose the lowest (as libpng does); alpha is put on black,
 * because black is what lies outside a segmented cell.
 */
export function toRgb(samples: Samples): CellImage {
  const { width, height, channels, data, white, transparent } = samples;
  const pixels = width * height;
  const rgb = new Uint8Array(3 * pixels);
  const colours = channels < 3 ? 1 : 3;
  const hasAlpha = channels === 2 || channels === 4;
  const level =
    white > 255
      ? (v: number) => v >> 8
      : white < 255
        ? (v: number) => Math.round((v * 255) / white)
        : (v: number) => v;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    if (transparent && isColour(data, from, transparent, colours)) continue;
    const alpha = hasAlpha ? level(data[from + colours]) : 255;
    for (let c = 0; c < 3; c++) {
      const value = level(data[from + (colours === 1 ? 0 : c)]);
      rgb[3 * pixel + c] = alpha === 255 ? value : Math.round((value * alpha) / 255);
    }
  }
  return { width, height, data: rgb };
}

/** Palette indices to 8-bit RGB. A colour has three bytes, or four with alpha (put on black); unknown indices are black. */
export function paletteToRgb(
  width: number,
  height: number,
  indices: ArrayLike<number>,
  palette: readonly ArrayLike<number>[],
): CellImage {
  const rgb = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = palette[indices[pixel]];
    if (!colour) continue;
    const alpha = colour.length > 3 ? colour[3] : 255;
    for (let c = 0; c < 3; c++)
      rgb[3 * pixel + c] = alpha === 255 ? colour[c] : Math.round((colour[c] * alpha) / 255);
  }
  return { width, height, data: rgb };
}

/** Rows of 1-, 2- or 4-bit samples, padded to whole bytes, to one sample a byte. */
export function unpackBits(
  packed: ArrayLike<number>,
  width: number,
  height: number,
  bits: number,
): Uint8Array {
  const out = new Uint8Array(width * height);
  const stride = Math.ceil((width * bits) / 8);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      out[y * width + x] = (packed[y * stride + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

function isColour(
  data: ArrayLike<number>,
  from: number,
  colour: ArrayLike<number>,
  channels: number,
): boolean {
  for (let c = 0; c < channels; c++) if (data[from + c] !== colour[c]) return false;
  return true;
}
