import { triangleTaps } from './triangle-taps.ts';

/** Samples in rows from the top, channels interleaved. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/**
 * Enlarges or shrinks by antialiased bilinear interpolation (`triangleTaps`); sides are rounded up. What lies beyond the edge
 * counts as 0.
 *
 * @param scale output pixels per source pixel, above 0
 */
export function resample({ width, height, channels, data }: Raster, scale: number) {
  const columns = triangleTaps(width, Math.ceil(width * scale), scale);
  const rows = triangleTaps(height, Math.ceil(height * scale), scale);
  const [toWidth, toHeight] = [columns.first.length, rows.first.length];
  const out = new Float32Array(toWidth * toHeight * channels);
  const blended = new Float32Array(width * channels);
  for (let y = 0, o = 0; y < toHeight; y++) {
    blended.fill(0);
    for (let k = 0; k < rows.count[y]; k++) {
      const weight = rows.weights[y * rows.most + k];
      const from = (rows.first[y] + k) * blended.length;
      for (let i = 0; i < blended.length; i++) blended[i] += weight * data[from + i];
    }
    for (let x = 0; x < toWidth; x++, o += channels) {
      for (let k = 0; k < columns.count[x]; k++) {
        const weight = columns.weights[x * columns.most + k];
        const from = (columns.first[x] + k) * channels;
        for (let c = 0; c < channels; c++) out[o + c] += weight * blended[from + c];
      }
    }
  }
  return { width: toWidth, height: toHeight, channels, data: out };
}
