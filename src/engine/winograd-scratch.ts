/** Sizes of the Winograd kernels' scratch memory; the layouts are those of kernels/winograd-*.ts and convolution-pool-*.ts. */

const SLACK = 64;
const TEMPORARY = 1344;

function positionStride(tiles: number, channels: number): number {
  return (Math.ceil((tiles * channels) / 16) | 1) * 64;
}

function multipleOfFour(channels: number): number {
  return Math.ceil(channels / 4) * 4;
}

/** Positions of a tile: 6 x 6 with stride 1, 9 x 9 with stride 2. */
function positionsOf(stride: number): number {
  return stride === 1 ? 36 : 81;
}

/** Pixels of the padded input that `tiles` tiles in a row take. */
function extent(tiles: number, stride: number): number {
  return 4 * stride * tiles + (stride === 1 ? 2 : 1);
}

/** Bytes of `winogradWeights`' result for one direction: k rows, n columns in blocks of eight. */
export function winogradWeightBytes(k: number, n: number): number {
  return 36 * 4 * k * Math.ceil(n / 8) * 8;
}

/**
 * Rows of tiles a strip: its buffers should stay in the second-level cache (about 300 KB), but some tiles are needed for
 * the weights, read once a strip, not to cost more than the arithmetic. Measured on 16, 32 and 64 channels.
 */
export function winogradTileRows(ho: number, wo: number, cin: number, cout: number, stride: number): number {
  const across = Math.ceil(wo / 4);
  const fitting = Math.floor(300_000 / (4 * positionsOf(stride) * (multipleOfFour(cin) + cout)) / across);
  return Math.max(
    1,
    Math.min(Math.ceil(ho / 4), Math.max(fitting, Math.ceil((stride === 1 ? 24 : 10) / across))),
  );
}

/** Shared by both directions: rows of the padded input, V, and the products (or the gradient's transform). */
export function winogradForwardScratch(
  wo: number,
  cin: number,
  cout: number,
  stride: number,
  tileRows: number,
): number {
  const across = Math.ceil(wo / 4);
  const tiles = tileRows * across;
  const channels = multipleOfFour(cin);
  const rows = extent(tileRows, stride) * extent(across, stride) * channels * 4;
  const planes = positionStride(tiles, channels) + positionStride(tiles, cout);
  return TEMPORARY + rows + positionsOf(stride) * planes + 3 * SLACK;
}

/** Also the strip of dy and the rows that overlap the next strip. */
export function winogradBackwardScratch(
  wo: number,
  cin: number,
  cout: number,
  stride: number,
  tileRows: number,
): number {
  const across = Math.ceil(wo / 4);
  const carried = 2 * extent(across, stride) * multipleOfFour(cin) * 4;
  const gradients = 16 * tileRows * across * cout * 4;
  return winogradForwardScratch(wo, cin, cout, stride, tileRows) + gradients + carried + 2 * SLACK;
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
