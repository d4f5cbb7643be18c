import { GiemsaError } from './errors.ts';

/** What an image may claim before it is decoded. */
export interface ImageLimits {
  /** Largest width and height, in pixels. */
  readonly side: number;
  /** Largest width x height, in pixels. */
  readonly pixels: number;
}

/** A cell is about 130 pixels wide; a whole field of view still fits. */
export const defaultLimits: ImageLimits = { side: 4096, pixels: 4096 * 4096 };

/** Throws unless a header's width and height are sensible, so that nothing is allocated for an image that lies. */
export function checkSize(width: number, height: number, limits: ImageLimits): void {
  if (width < 1 || height < 1) {
    throw new GiemsaError(
      'damaged-image',
      `the header says ${width} x ${height} pixels: an image needs at least one`,
    );
  }
  if (width > limits.side || height > limits.side || width * height > limits.pixels) {
    throw new GiemsaError(
      'image-too-large',
      `the header says ${width} x ${height} pixels, over the limit of ${limits.side} x ${limits.side}` +
        ` and ${limits.pixels} in all: crop the image to its cells`,
    );
  }
}

/** Deflate never expands more than this (RFC 1951: 258 bytes from two bits). */
const deflateRatio = 1032;
const harmless = 64 * 1024 * 1024;

/**
 * Throws when an image's zlib streams unpack to more than `expected` bytes (and more than 64 MiB) together. Nothing is kept while
 * counting; data too short to unpack to that much is not even looked at.
 *
 * @param streams the parts of each
 */
export async function refuseBomb(
  streams: readonly (readonly Uint8Array[])[],
  expected: number,
): Promise<void> {
  const packed = streams.flat().reduce((sum, part) => sum + part.length, 0);
  const limit = Math.max(expected, harmless);
  if (packed * deflateRatio <= limit) return;
  let unpacked = 0;
  for (const parts of streams) {
    unpacked += await unpackedBytes(parts, limit - unpacked);
    if (unpacked <= limit) continue;
    throw new GiemsaError(
      'image-too-large',
      `the packed data unpacks to far more than its ${expected} bytes of pixels (a decompression bomb)`,
    );
  }
}

/** Bytes that a zlib stream unpacks to, counted until they are more than `most`. */
async function unpackedBytes(parts: readonly Uint8Array[], most: number): Promise<number> {
  const reader = new Blob(parts as readonly BlobPart[] as BlobPart[])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  let unpacked = 0;
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      unpacked += chunk.value.length;
      if (unpacked > most) break;
    }
  } catch {
    // The decoder itself says what is wrong with damaged data; here only the size counts.
  }
  await reader.cancel().catch(() => undefined);
  return unpacked;
}
