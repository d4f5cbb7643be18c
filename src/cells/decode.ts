import { codecUnavailable } from './codec.ts';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { defaultLimits, type ImageLimits } from './limits.ts';

/** The kinds of image that are read. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'bmp';

type Decoder = (bytes: Uint8Array, limits: ImageLimits) => Promise<CellImage>;

/** Each decoder is loaded when its first image comes, so that starting costs nothing. */
const decoders: Record<ImageFormat, () => Promise<Decoder>> = {
  png: async () => (await import('./decode-png.ts')).decodePng,
  jpeg: async () => (await import('./decode-jpeg.ts')).decodeJpeg,
  webp: async () => (await import('./decode-webp.ts')).decodeWebp,
  tiff: async () => (await import('./decode-tiff.ts')).decodeTiff,
  bmp: async () => (await import('./decode-bmp.ts')).decodeBmp,
};

/** The format by the first bytes, whatever the file is called; undefined if it is none of those read. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('RIFF') && text.slice(8) === 'WEBP') return 'webp';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'tiff';
  if (text.startsWith('BM')) return 'bmp';
  return undefined;
}

/**
 * Decodes the image of a cell to 8-bit RGB: PNG, JPEG, WebP, TIFF or BMP, told by its bytes. Width and height are taken
 * from the header and checked before anything is unpacked. Grey, palette, 16-bit and transparent images are converted
 * (see `toRgb`); what cannot be read right (animated, CMYK, truncated, damaged) is an error.
 *
 * @throws GiemsaError `empty-image`, `not-an-image`, `damaged-image`, `unsupported-image`, `image-too-large` or `codec-unavailable`.
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: ImageLimits = defaultLimits,
): Promise<CellImage> {
  if (!(bytes instanceof Uint8Array)) {
    throw new GiemsaError(
      'not-an-image',
      'an image is the bytes of its file in a Uint8Array (new Uint8Array(buffer))',
    );
  }
  if (bytes.length === 0) throw new GiemsaError('empty-image', 'the file is empty (0 bytes)');
  const format = imageFormat(bytes);
  if (!format) {
    throw new GiemsaError('not-an-image', 'not a PNG, JPEG, WebP, TIFF or BMP image (by its first bytes)');
  }
  const decode = await decoders[format]().catch((error) => {
    throw codecUnavailable(format.toUpperCase(), error);
  });
  try {
    return await decode(bytes, limits);
  } catch (error) {
    if (error instanceof GiemsaError) throw error;
    throw new GiemsaError(
      'damaged-image',
      `damaged or truncated ${format.toUpperCase()} (${reason(error)})`,
      {
        cause: error,
      },
    );
  }
}

/** One line of what a third-party decoder had to say; some throw things that are no errors. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : 'the decoder gave up';
  return text.replace(/\s+/g, ' ').replace(/:$/, '').slice(0, 120);
}
