import { stridedInputTransform } from './winograd-strided-transforms';
import { inputTransform } from './winograd-transforms';

// What the Winograd kernels share: the shape of a strip of tiles and of a group of four, and the transform.

/** Bytes of the transforms' own memory: 81 vectors, rounded up. */
export const TEMPORARY: usize = 1344;

/** Bytes from one of a tile's positions to the next: an odd number of cache lines, as even ones collide in the cache. */
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

/** Tiles a group: a block of products has as many rows. */
export const GROUP: i32 = 4;

/** The first pixel of a tile of a strip. */
// @ts-ignore: decorator
@inline
export function tileStart(rows: usize, tile: i32, tilesWide: i32, across: usize, down: usize): usize {
  return rows + <usize>(tile / tilesWide) * down + <usize>(tile % tilesWide) * across;
}

/** Bytes from a tile's first pixel to that of the next, which may be in the next row of tiles. */
// @ts-ignore: decorator
@inline
export function toNextTile(tile: i32, tilesWide: i32, across: usize, down: usize): usize {
  return (tile + 1) % tilesWide ? across : down - <usize>(tilesWide - 1) * across;
}

/**
 * V of `count` tiles from the `first` of an image's strip on, which are of one group, [position][channels / 4][4 tiles][4 channels]:
 * channels before tiles, so that a cache line is written at once. v: the first tile's place in its group.
 */
// @ts-ignore: decorator
@inline
export function transformTiles(
  rows: usize, row: usize, pixel: usize, stride: i32, tilesWide: i32, first: i32, count: i32, temporary: usize, v: usize, position: usize,
): void {
  const across = <usize>(4 * stride) * pixel, down = <usize>(4 * stride) * row;
  const start = tileStart(rows, first, tilesWide, across, down);
  for (let c: usize = 0; c < pixel; c += 16) {
    let d = start + c, out = v + 4 * c;
    for (let tile = first; tile < first + count; tile++) {
      if (stride == 1) inputTransform(d, row, pixel, temporary, out, position);
      else stridedInputTransform(d, row, pixel, temporary, out, position);
      out += 16;
      d += toNextTile(tile, tilesWide, across, down);
    }
  }
}
