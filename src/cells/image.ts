import { GiemsaError } from './errors.ts';

/** The image of one cell: RGB, interleaved, 8 bits a channel, rows from the top. */
export interface CellImage {
  readonly width: number;
  readonly height: number;
  /** `3 * width * height` bytes. */
  readonly data: Uint8Array;
}

/**
 * Pixels of a caller, who may not have a compiler: a canvas gives four bytes a pixel, which read as three make another image.
 * @throws GiemsaError `wrong-pixels`
 */
export function checkImage(image: CellImage): void {
  const { width, height, data } = Object(image) as Partial<Record<keyof CellImage, unknown>>;
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isSide(width) || !isSide(height) || !isBytes) {
    throw new GiemsaError(
      'wrong-pixels',
      'an image is the bytes of its file (Uint8Array), or { width, height, data } with whole sides of 1 or more and data in a Uint8Array',
    );
  }
  if (data.length === 3 * width * height) return;
  const why =
    data.length === 4 * width * height ? ' (four a pixel, as a canvas has them: leave out the alpha)' : '';
  throw new GiemsaError(
    'wrong-pixels',
    `an image of ${width} x ${height} pixels has ${3 * width * height} bytes, red, green and blue of each; this one has ${data.length}${why}`,
  );
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}
