import { gemm } from './gemm';
import { stridedInputTransform } from './winograd-strided-transforms';
import { inputTransform } from './winograd-transforms';

// What the Winograd kernels share: the shape of a strip of tiles, its transform, its products.

/** Bytes of the transforms' own memory: 81 vectors, rounded up. */
export const TEMPORARY: usize = 1344;

/** Bytes from one of the 36 positions to the next: an odd number of cache lines, as even ones collide in the cache. */
// @ts-ignore: decorator
@inline
export function positionStride(tiles: i32, channels: i32): usize {
  const lines = (tiles * channels * 4 + 63) >> 6;
  return <usize>(lines | 1) << 6;
}

// @ts-ignore: decorator
@inline
export function multipleOfFour(channels: i32): i32 {
  return (channels + 3) & ~3;
}

/** Positions a dimension: inputs of a tile. */
// @ts-ignore: decorator
@inline
export function pointsOf(stride: i32): i32 {
  return stride == 1 ? 6 : 9;
}

/** Rows (and columns) that neighbouring tiles share. */
// @ts-ignore: decorator
@inline
export function overlapOf(stride: i32): i32 {
  return stride == 1 ? 2 : 1;
}

/** Which of the 36 weights a position meets: with stride 2 the last four of a dimension share one. */
// @ts-ignore: decorator
@inline
export function weightOf(row: i32, column: i32): i32 {
  return min(row, 5) * 6 + min(column, 5);
}

/** V of `tileRows` x tilesWide tiles from the strip's rows. */
// @ts-ignore: decorator
@inline
export function transformStrip(
  rows: usize, row: usize, pixel: usize, channels: i32, stride: i32, tileRows: i32, tilesWide: i32,
  temporary: usize, v: usize, position: usize,
): void {
  const step = 4 * stride;
  const tileBytes = (<usize>channels) << 2;
  let out = v;
  for (let i = 0; i < tileRows; i++) {
    let d = rows + <usize>(step * i) * row;
    for (let j = 0; j < tilesWide; j++) {
      for (let c: usize = 0; c < tileBytes; c += 16) {
        if (stride == 1) inputTransform(d + c, row, pixel, temporary, out + c, position);
        else stridedInputTransform(d + c, row, pixel, temporary, out + c, position);
      }
      out += tileBytes;
      d += <usize>step * pixel;
    }
  }
}

/** M = V U for all positions. u [36][ceil(n / 8)][k][8]. */
// @ts-ignore: decorator
@inline
export function multiplyPositions(
  v: usize, vPosition: usize, vRow: usize, u: usize, m: usize, mPosition: usize, mRow: usize,
  stride: i32, tiles: i32, k: i32, n: i32,
): void {
  const block = (<usize>k) << 5;
  const blocks = (n + 7) >> 3;
  const points = pointsOf(stride);
  for (let r = 0; r < points; r++) {
    for (let c = 0; c < points; c++) {
      let panel = u + <usize>(weightOf(r, c) * blocks) * block;
      for (let j = 0; j < n; j += 8) {
        gemm(v, vRow, 4, panel, 32, m + ((<usize>j) << 2), mRow, tiles, min(8, n - j), k, false, 0);
        panel += block;
      }
      v += vPosition;
      m += mPosition;
    }
  }
}
