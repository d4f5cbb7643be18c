/** Sizes of the Winograd kernels' scratch memory; the layouts are those of kernels/winograd.ts and convolution-pool.ts. */

const SLACK = 64;
const TEMPORARY = 640;

function positionStride(tiles: number, channels: number): number {
  return (Math.ceil((tiles * channels) / 16) | 1) * 64;
}

function multipleOfFour(channels: number): number {
  return Math.ceil(channels / 4) * 4;
}

/** Bytes of `winogradWeights`' result for one direction: k rows, n columns in blocks of eight. */
export function winogradWeightBytes(k: number, n: number): number {
  return 36 * 4 * k * Math.ceil(n / 8) * 8;
}

/**
 * Rows of tiles a strip: its buffers should stay in the second-level cache (about 300 KB), but 24 tiles are needed for
 * the weights, read once a strip, not to cost more than the arithmetic. Measured on 16, 32 and 64 channels.
 */
export function winogradTileRows(ho: number, wo: number, cin: number, cout: number): number {
  const across = Math.ceil(wo / 4);
  const fitting = Math.floor(300_000 / (144 * (multipleOfFour(cin) + cout)) / across);
  return Math.max(1, Math.min(Math.ceil(ho / 4), Math.max(fitting, Math.ceil(24 / across))));
}

/** Shared by both directions: rows of the padded input, V, and the products (or the gradient's transform). */
export function winogradForwardScratch(wo: number, cin: number, cout: number, tileRows: number): number {
  const across = Math.ceil(wo / 4);
  const tiles = tileRows * across;
  const channels = multipleOfFour(cin);
  const rows = (4 * tileRows + 2) * (4 * across + 2) * channels * 4;
  return (
    TEMPORARY + rows + 36 * positionStride(tiles, channels) + 36 * positionStride(tiles, cout) + 3 * SLACK
  );
}

/** Also the strip of dy and the two rows that overlap the next strip. */
export function winogradBackwardScratch(wo: number, cin: number, cout: number, tileRows: number): number {
  const across = Math.ceil(wo / 4);
  const carried = 2 * (4 * across + 2) * multipleOfFour(cin) * 4;
  return (
    winogradForwardScratch(wo, cin, cout, tileRows) + 16 * tileRows * across * cout * 4 + carried + 2 * SLACK
  );
}

/** Of the kernels that pool: h, w, pad of the input, wp windows across. */
export function poolScratch(
  h: number,
  w: number,
  wp: number,
  cin: number,
  cout: number,
  pad: number,
): number {
  const channels = multipleOfFour(cin);
  const forward =
    TEMPORARY + 6 * (4 * wp + 2) * channels * 4 + 36 * (positionStride(wp, channels) + positionStride(wp, 8));
  const filters = cout * 3 * multipleOfFour(3 * cin) * 4;
  const padded = (h + 2 * pad) * (w + 2 * pad) * cin * 4;
  return Math.max(forward, filters + padded) + 3 * SLACK;
}
