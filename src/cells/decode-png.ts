import { decode } from 'fast-png';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { checkSize, type ImageLimits, refuseBomb } from './limits.ts';
import { paletteToRgb, toRgb, unpackBits } from './pixels.ts';

/** An encoder that writes 8 kB chunks needs 6,000 of them for the largest image. */
const mostChunks = 20_000;
/** Samples a pixel by colour type (PNG specification, 11.2.1). */
const samplesByType: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Decodes a PNG (8 or 16 bits, grey, colour, palette, alpha, interlaced). Checksums must be right. */
export async function decodePng(bytes: Uint8Array, limits: ImageLimits): Promise<CellImage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || chunkType(bytes, 8) !== 'IHDR') throw truncated();
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  checkSize(width, height, limits);
  const bits = (samplesByType[bytes[25]] ?? 1) * bytes[24];
  const { essential, data } = essentialChunks(bytes, view);
  // Seven passes of an interlaced image have a filter byte a row each: twice the rows is more than that.
  await refuseBomb([data], height * Math.ceil((width * bits) / 8) + 2 * height + 64);

  const png = decode(essential, { checkCrc: true });
  const samples = png.depth < 8 ? unpackBits(png.data, width, height, png.depth) : png.data;
  if (bytes[25] === 3) {
    if (!png.palette)
      throw new GiemsaError('damaged-image', 'damaged PNG: a palette image without its palette');
    return paletteToRgb(width, height, samples, png.palette);
  }
  if (png.channels === 3 && png.depth === 8 && !png.transparency) {
    return { width, height, data: samples as Uint8Array };
  }
  return toRgb({
    width,
    height,
    channels: png.channels,
    data: samples,
    white: 2 ** png.depth - 1,
    ...(png.transparency ? { transparent: png.transparency } : {}),
  });
}

/**
 * The file with only the chunks that make pixels: a packed colour profile or comment can be a bomb or broken, and says
 * nothing that is used here.
 */
function essentialChunks(bytes: Uint8Array, view: DataView): { essential: Uint8Array; data: Uint8Array[] } {
  const essential = new Uint8Array(bytes.length);
  essential.set(bytes.subarray(0, 8));
  const data: Uint8Array[] = [];
  let written = 8;
  let count = 0;
  for (let offset = 8; ; ) {
    if (offset + 12 > bytes.length) throw truncated();
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length) throw truncated();
    if (++count > mostChunks) {
      throw new GiemsaError('damaged-image', `damaged PNG: more than ${mostChunks} chunks`);
    }
    const type = chunkType(bytes, offset);
    if (type === 'acTL' && view.getUint32(offset + 8) > 1) {
      throw new GiemsaError(
        'unsupported-image',
        'an animated PNG: save the frame that shows the cell as one image',
      );
    }
    if (type === 'IDAT') data.push(bytes.subarray(offset + 8, end - 4));
    if (type === 'IHDR' || type === 'PLTE' || type === 'tRNS' || type === 'IDAT' || type === 'IEND') {
      essential.set(bytes.subarray(offset, end), written);
      written += end - offset;
    }
    if (type === 'IEND') return { essential: essential.subarray(0, written), data };
    offset = end;
  }
}

function chunkType(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
}

function truncated(): GiemsaError {
  return new GiemsaError('damaged-image', 'truncated PNG: the file ends before the image does');
}
