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

/** Of the kernel `winogradWeights`: 6 x 3 vectors. */
export const WINOGRAD_WEIGHTS_SCRATCH = 288;

/** Of the kernel `winogradWeightGradient`. */
export function winogradGradientScratch(cout: number): number {
  return 36 * 4 * cout + 288;
}

/** What Winograd kernels work through at a time. */
export interface WinogradStrip {
  readonly tileRows: number;
  /** Where a strip is a whole image, those of so many images are worked through together. */
  readonly images: number;
}

/** Tiles for which it pays to write the gradient by the weights, which of many channels is large, once. */
const ENOUGH_TILES = 36;

/**
 * The strip's buffers should stay in the second-level cache (about 300 KB), but some tiles are needed for the gradient by
 * the weights, read and written once a strip, not to cost more than the arithmetic. Measured on 16 to 96 channels.
 * With stride 2 positions share weights, so that images worked through together would be added up in another order.
 */
export function winogradStrip(
  ho: number,
  wo: number,
  cin: number,
  cout: number,
  stride: number,
  imagesPerChunk: number,
): WinogradStrip {
  const across = Math.ceil(wo / 4);
  const high = Math.ceil(ho / 4);
  const fitting = Math.floor(300_000 / (4 * positionsOf(stride) * (multipleOfFour(cin) + cout)) / across);
  const some = Math.ceil((stride === 1 ? 24 : 10) / across);
  const tileRows = Math.max(1, Math.min(high, Math.max(fitting, some)));
  const isWhole = tileRows === high && stride === 1;
  return {
    tileRows,
    images: isWhole ? Math.min(imagesPerChunk, Math.ceil(ENOUGH_TILES / (high * across))) : 1,
  };
}

/** Tiles a group, whose products are computed together. */
const GROUP = 4;
/** Bytes of a group's products with eight columns, of one position. */
const PRODUCTS = 128;

/** Transformed pixels of so many tiles, as many whole groups. */
function transformedBytes(tiles: number, channels: number, stride: number): number {
  return positionsOf(stride) * positionStride(Math.ceil(tiles / GROUP) * GROUP, channels) + SLACK;
}

function rowBytes(wo: number, cin: number, stride: number, tileRows: number): number {
  return extent(tileRows, stride) * extent(Math.ceil(wo / 4), stride) * multipleOfFour(cin) * 4;
}

/** Rows of the padded input, V and the products of a group, sums of the outputs. */
export function winogradForwardScratch(
  wo: number,
  cin: number,
  cout: number,
  stride: number,
  { tileRows }: WinogradStrip,
): number {
  const group = transformedBytes(GROUP, multipleOfFour(cin), stride) + positionsOf(stride) * PRODUCTS;
  return TEMPORARY + rowBytes(wo, cin, stride, tileRows) + group + 8 * cout + 2 * SLACK;
}

/** Rows of the padded input, V and the transformed dy of the strip, products of a group, dy, rows that overlap the next strip. */
export function winogradBackwardScratch(
  wo: number,
  cin: number,
  cout: number,
  stride: number,
  { tileRows, images }: WinogradStrip,
): number {
  const across = Math.ceil(wo / 4);
  const channels = multipleOfFour(cin);
  const tiles = images * tileRows * across;
  const transformed = transformedBytes(tiles, channels, stride) + transformedBytes(tiles, cout, stride);
  const products = Math.ceil(cin / 8) * positionsOf(stride) * PRODUCTS;
  const gradients = 16 * tileRows * across * cout * 4;
  const carried = 2 * extent(across, stride) * channels * 4;
  return (
    TEMPORARY + rowBytes(wo, cin, stride, tileRows) + transformed + products + gradients + carried + 4 * SLACK
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
