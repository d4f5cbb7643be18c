import { decode } from 'fast-bmp';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { checkSize, type ImageLimits } from './limits.ts';
import { paletteToRgb, toRgb } from './pixels.ts';

/** Decodes an uncompressed BMP of 1, 8, 24 or 32 bits a pixel, with its palette, rows from the bottom or from the top. */
export async function decodeBmp(bytes: Uint8Array, limits: ImageLimits): Promise<CellImage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || view.getUint32(14, true) < 40) {
    throw new GiemsaError(
      'damaged-image',
      'truncated BMP, or one without the usual header of 40 bytes or more',
    );
  }
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  checkSize(width, height, limits);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (![1, 8, 24, 32].includes(bits) || (compression !== 0 && !(compression === 3 && bits === 32))) {
    throw new GiemsaError(
      'unsupported-image',
      `a BMP of ${bits} bits with compression ${compression}: save it uncompressed with 24 bits`,
    );
  }
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  if (view.getUint32(10, true) + rowBytes * height > bytes.length) {
    throw new GiemsaError('damaged-image', 'truncated BMP: the file ends before the image does');
  }
  const image =
    bits === 32
      ? readWide(bytes, view, { width, height, hasAlpha: compression === 3 && readMasks(view) })
      : readNarrow(bytes, view, { width, height, bits });
  return signedHeight < 0 ? flipRows(image) : image;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function readNarrow(bytes: Uint8Array, view: DataView, size: Size & { readonly bits: number }): CellImage {
  const { width, height, bits } = size;
  // The decoder knows only rows from the bottom.
  const upright = bytes.slice();
  new DataView(upright.buffer).setInt32(22, height, true);
  const samples = decode(upright).data as Uint8Array;
  return bits <= 8
    ? paletteToRgb(width, height, samples, readPalette(bytes, view, bits))
    : toRgb({ width, height, channels: 3, data: samples, white: 255 });
}

/** 32 bits a pixel, which the decoder reads with an alpha mask only: blue, green, red, and what is alpha or nothing; rows from the bottom. */
function readWide(bytes: Uint8Array, view: DataView, size: Size & { readonly hasAlpha: boolean }): CellImage {
  const { width, height, hasAlpha } = size;
  const channels = hasAlpha ? 4 : 3;
  const data = new Uint8Array(channels * width * height);
  const start = view.getUint32(10, true);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = start + 4 * width * (height - 1 - y); x < width; x++, from += 4, to += channels) {
      data[to] = bytes[from + 2];
      data[to + 1] = bytes[from + 1];
      data[to + 2] = bytes[from];
      if (hasAlpha) data[to + 3] = bytes[from + 3];
    }
  }
  return toRgb({ width, height, channels, data, white: 255 });
}

/** The masks of BITFIELDS, of which only the usual ones are read. @returns whether there is alpha */
function readMasks(view: DataView): boolean {
  if (view.byteLength < 70)
    throw new GiemsaError('damaged-image', 'truncated BMP: its colour masks are missing');
  const alpha = view.getUint32(14, true) >= 56 ? view.getUint32(66, true) : 0;
  const masks = [54, 58, 62].map((at) => view.getUint32(at, true));
  if (masks.join() !== [0xff0000, 0xff00, 0xff].join() || (alpha !== 0 && alpha !== 0xff000000)) {
    throw new GiemsaError('unsupported-image', 'a BMP with unusual colour masks: save it with 24 bits');
  }
  return alpha !== 0;
}

/** Colours are stored after the header as blue, green, red, unused. */
function readPalette(bytes: Uint8Array, view: DataView, bits: number): number[][] {
  const start = 14 + view.getUint32(14, true);
  const end = Math.min(view.getUint32(10, true), bytes.length);
  const colours = Math.min(2 ** bits, Math.floor((end - start) / 4));
  const palette: number[][] = [];
  for (let i = 0; i < colours; i++) {
    const at = start + 4 * i;
    palette.push([bytes[at + 2], bytes[at + 1], bytes[at]]);
  }
  return palette;
}

function flipRows(image: CellImage): CellImage {
  const stride = 3 * image.width;
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < image.height; y++) {
    data.set(image.data.subarray(y * stride, (y + 1) * stride), (image.height - 1 - y) * stride);
  }
  return { width: image.width, height: image.height, data };
}
