import { decode } from 'tiff';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { checkSize, type ImageLimits, refuseBomb } from './limits.ts';
import { paletteToRgb, toRgb } from './pixels.ts';
import { readTiffHeader, type TiffHeader } from './tiff-header.ts';

/** LZW expands up to 1,300 times: this much at most keeps a bomb under a few seconds. */
const mostLzwBytes = 1024 * 1024;
const mostLzwStrip = 256 * 1024;

/** Decodes a TIFF of one page in strips: grey, RGB, palette or alpha, 1, 8 or 16 bits, uncompressed, Deflate or LZW. */
export async function decodeTiff(bytes: Uint8Array, limits: ImageLimits): Promise<CellImage> {
  const header = readTiffHeader(bytes);
  const { width, height, bits, channels } = header;
  checkSize(width, height, limits);
  refuseUnsupported(header);
  await refuseTiffBomb(bytes, header);
  const [page] = decode(bytes, { pages: [0] });
  if (header.photometric === 3) {
    const palette = page.palette?.map((colour) => colour.map((value) => value >> 8));
    if (!palette) throw new GiemsaError('damaged-image', 'damaged TIFF: a palette image without its palette');
    return paletteToRgb(width, height, page.data, palette);
  }
  return toRgb({ width, height, channels, data: page.data, white: 2 ** bits - 1 });
}

function refuseUnsupported(header: TiffHeader): void {
  const { bits, channels, photometric } = header;
  const problem =
    photometric === 5
      ? 'a CMYK TIFF'
      : photometric > 3
        ? `a TIFF of photometric type ${photometric}`
        : header.pages > 1
          ? 'a TIFF of several pages'
          : header.tiled
            ? 'a TIFF in tiles'
            : header.planar && channels > 1
              ? 'a TIFF with separate colour planes'
              : ![1, 8, 16].includes(bits) || header.sampleFormat !== 1
                ? `a TIFF of ${bits} bits or of floating-point samples`
                : channels < 1 || channels > 4 || (photometric === 2) !== channels > 2
                  ? `a TIFF of ${channels} samples a pixel`
                  : ![1, 5, 8, 32946].includes(header.compression)
                    ? `a TIFF with compression ${header.compression}`
                    : header.orientation !== 1
                      ? 'a rotated TIFF'
                      : undefined;
  if (problem) {
    throw new GiemsaError('unsupported-image', `${problem}: save it as one upright RGB image, or as PNG`);
  }
}

async function refuseTiffBomb(bytes: Uint8Array, header: TiffHeader): Promise<void> {
  const { width, height, bits, channels, strips } = header;
  const rows = Math.min(header.rowsPerStrip, height);
  const stripBytes = rows * Math.ceil((width * channels * bits) / 8);
  if (rows < 1 || strips.length !== Math.ceil(height / rows)) {
    throw new GiemsaError(
      'damaged-image',
      `damaged TIFF: ${strips.length} strips do not make ${height} rows`,
    );
  }
  let total = 0;
  for (const { offset, length } of strips) {
    total += length;
    if (offset + length > bytes.length) {
      throw new GiemsaError('damaged-image', 'truncated TIFF: the file ends before the image does');
    }
    if (header.compression === 1 && length < stripBytes && strips.length === 1) {
      throw new GiemsaError('damaged-image', 'damaged TIFF: fewer bytes than pixels');
    }
    if (header.compression === 5 && (length > mostLzwStrip || total > mostLzwBytes)) {
      throw new GiemsaError('image-too-large', 'a TIFF with more than 1 MiB of LZW data: save it as PNG');
    }
  }
  // Strips that share their bytes unpack to as much as ever many of them there are.
  if (total > bytes.length) throw new GiemsaError('damaged-image', 'damaged TIFF: its strips overlap');
  if (header.compression > 5) {
    const packed = strips.map(({ offset, length }) => [bytes.subarray(offset, offset + length)]);
    await refuseBomb(packed, stripBytes * strips.length);
  }
}
