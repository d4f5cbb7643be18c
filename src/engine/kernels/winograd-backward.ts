import { zero } from './simd';
import { multiplyGroup, PRODUCTS, weightGradientPosition } from './winograd-products';
import { addRows, clearBelow, fillGradientRows, fillRows, maskRows, storeRows } from './winograd-rows';
import { stridedGradientTransform, stridedInputGradient } from './winograd-strided-transforms';
import { GROUP, multipleOfFour, overlapOf, pointsOf, positionStride, TEMPORARY, tileStart, toNextTile, transformTiles, weightOf } from './winograd-strip';
import { gradientTransform, inputGradientTransform } from './winograd-transforms';

/**
 * Both gradients of `winogradForward`, in its domain: dU += V' D (this chunk's part, [chunk][36][cin][cout]) and, where
 * dx is wanted, dV = D U', dx = the overlapping sum of B dV B'. uBackward is `winogradWeights` with `backward`.
 * With `coefficients` the gradient goes through the ReLU too, and inputSums [chunk][2][cin] gets the sums of it, g, and of
 * g (x - mean), as `normalizationBackwardSums`. imagesPerStrip: as in `winogradForward`. Where `slopes` (0: none) are given, dy is the gradient behind a normalisation of z, this convolution's output.
 */
export function winogradBackward(
  scratch: usize, x: usize, coefficients: usize, uBackward: usize,
  dy: usize, z: usize, zCoefficients: usize, slopes: usize, zRelu: i32, dx: usize, accumulateDx: i32,
  inputSums: usize, duPartials: usize, dbPartials: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, stride: i32, pad: i32, tileRows: i32, imagesPerStrip: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const tilesWide = (wo + 3) >> 2, tilesHigh = (ho + 3) >> 2;
  const step = 4 * stride, overlap = overlapOf(stride), positions = pointsOf(stride) * pointsOf(stride);
  const width = step * tilesWide + overlap;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const outPixel = (<usize>cout) << 2, outRow = <usize>(4 * tilesWide) * outPixel;
  const groups = (imagesPerStrip * tileRows * tilesWide + GROUP - 1) / GROUP;
  const vPosition = positionStride(groups * GROUP, cinPadded), vGroup = pixel * GROUP;
  const dPosition = positionStride(groups * GROUP, cout), dGroup = outPixel * GROUP;
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + <usize>(step * tileRows + overlap) * row + 64;
  const d = v + <usize>positions * vPosition + 64;
  const m = d + <usize>positions * dPosition + 64;
  const gradients = m + <usize>((cin + 7) >> 3) * <usize>positions * PRODUCTS;
  const du = duPartials + (<usize>chunk * <usize>(36 * cin * cout) << 2);
  const db = dbPartials + <usize>chunk * outPixel;
  if (dbPartials) zero(db, cout);
  const sums = inputSums + <usize>(2 * chunk) * pixel;
  if (inputSums) zero(sums, 2 * cin);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image += imagesPerStrip) {
    const group = min(imagesPerStrip, last - image);
    for (let top = 0; top < tilesHigh; top += tileRows) {
      const high = min(tileRows, tilesHigh - top);
      const tiles = high * tilesWide;
      for (let g = 0; g < group; g++) {
        const xi = x + (<usize>(image + g) * <usize>(h * wd * cin) << 2);
        fillRows(xi, coefficients, rows, step * top, step * high + overlap, width, h, wd, cin, pad);
        const outputs = <usize>(image + g) * <usize>(ho * wo) * outPixel;
        if (slopes) {
          fillGradientRows(dy + outputs, z + outputs, zCoefficients, slopes, zRelu, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout);
        } else {
          fillRows(dy + outputs, 0, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout, 0);
        }
        if (dbPartials) addRows(gradients, db, 16 * tiles, cout);
        const start = g * tiles, end = start + tiles;
        for (let tile = start; tile < end; ) {
          const next = min((tile | (GROUP - 1)) + 1, end);
          const at = <usize>(tile / GROUP), slot = <usize>(tile % GROUP) << 4;
          transformTiles(rows, row, pixel, stride, tilesWide, tile - start, next - tile, temporary, v + at * vGroup + slot, vPosition);
          gradientTiles(gradients, outRow, outPixel, stride, tilesWide, tile - start, next - tile, temporary, d + at * dGroup + slot, dPosition);
          tile = next;
        }
      }
      // With stride 2 the last four positions of a dimension add to one weight.
      const isFirst = image == chunk * imagesPerChunk && top == 0;
      let vq = v, dq = d;
      for (let r = 0; r < pointsOf(stride); r++) {
        for (let c = 0; c < pointsOf(stride); c++) {
          const part = du + (<usize>(weightOf(r, c) * cin * cout) << 2);
          weightGradientPosition(vq, vGroup, dq, dGroup, part, group * tiles, cin, cout, !isFirst || r > 5 || c > 5);
          vq += vPosition;
          dq += dPosition;
        }
      }
      if (!dx) continue;
      for (let g = 0; g < group; g++) {
        // The rows are not needed any more: they become the strip's input gradient. Its first overlap the strip above.
        const carried = top ? overlap : 0;
        if (carried) memory.copy(rows, gradients + carryOffset(tileRows, tilesWide, cout), <usize>overlap * row);
        memory.fill(rows + <usize>carried * row, 0, <usize>(step * high + overlap - carried) * row);
        const start = g * tiles, end = start + tiles;
        for (let tile = start; tile < end; ) {
          const next = min((tile | (GROUP - 1)) + 1, end);
          if (tile % GROUP == 0) {
            multiplyBlocks(d + <usize>(tile / GROUP) * dGroup, dPosition, uBackward, m, stride, cout, cin, group * tiles - tile);
          }
          addTiles(m + (<usize>(tile % GROUP) << 5), positions, temporary, rows, row, pixel, stride, tilesWide, tile - start, next - tile);
          tile = next;
        }
        const complete = step * high + (top + tileRows >= tilesHigh ? overlap : 0);
        memory.copy(gradients + carryOffset(tileRows, tilesWide, cout), rows + <usize>(step * high) * row, <usize>overlap * row);
        const inputs = <usize>(image + g) * <usize>(h * wd * cin) << 2;
        if (inputSums) maskRows(rows, x + inputs, coefficients, sums, step * top, complete, row, h, wd, cin, pad);
        storeRows(rows, dx + inputs, step * top, complete, row, h, wd, cin, pad, accumulateDx != 0);
      }
    }
    if (!dx || accumulateDx) continue;
    for (let g = 0; g < group; g++) {
      const dxi = dx + (<usize>(image + g) * <usize>(h * wd * cin) << 2);
      clearBelow(dxi, step * tilesHigh + overlap - pad, step * tilesWide + overlap - pad, h, wd, cin);
    }
  }
}

/** As `transformTiles`: D of dy. */
// @ts-ignore: decorator
@inline
function gradientTiles(
  rows: usize, row: usize, pixel: usize, stride: i32, tilesWide: i32, first: i32, count: i32, temporary: usize, out: usize, position: usize,
): void {
  const across = 4 * pixel, down = 4 * row;
  const start = tileStart(rows, first, tilesWide, across, down);
  for (let c: usize = 0; c < pixel; c += 16) {
    let from = start + c, to = out + 4 * c;
    for (let tile = first; tile < first + count; tile++) {
      if (stride == 1) gradientTransform(from, row, pixel, temporary, to, position);
      else stridedGradientTransform(from, row, pixel, temporary, to, position);
      to += 16;
      from += toNextTile(tile, tilesWide, across, down);
    }
  }
}

/** rows += B dV B' of `count` tiles; m [channels / 8][positions][4 tiles][8]: the first of them. */
// @ts-ignore: decorator
@inline
function addTiles(
  m: usize, positions: i32, temporary: usize, rows: usize, row: usize, pixel: usize, stride: i32, tilesWide: i32, first: i32, count: i32,
): void {
  const across = <usize>(4 * stride) * pixel, down = <usize>(4 * stride) * row;
  const start = tileStart(rows, first, tilesWide, across, down);
  for (let c: usize = 0; c < pixel; c += 16) {
    let from = m + (c >> 5) * <usize>positions * PRODUCTS + (c & 16), to = start + c;
    for (let tile = first; tile < first + count; tile++) {
      if (stride == 1) inputGradientTransform(from, PRODUCTS, temporary, to, row, pixel);
      else stridedInputGradient(from, PRODUCTS, temporary, to, row, pixel);
      from += 32;
      to += toNextTile(tile, tilesWide, across, down);
    }
  }
}

/** m[ceil(n / 8)][positions][4 tiles][8]: products of a group with all columns of u [ceil(n / 8)][36][k][8]. */
function multiplyBlocks(v: usize, vPosition: usize, u: usize, m: usize, stride: i32, k: i32, n: i32, tiles: i32): void {
  const panel = (<usize>k) << 5;
  const blocks = (n + 7) >> 3;
  for (let block = 0; block < blocks; block++) {
    multiplyGroup(v, vPosition, u + <usize>(36 * block) * panel, m, stride, k, tiles);
    m += <usize>(pointsOf(stride) * pointsOf(stride)) * PRODUCTS;
  }
}

/** Where the rows carried to the next strip are kept: behind the strip's dy. */
// @ts-ignore: decorator
@inline
function carryOffset(tileRows: i32, tilesWide: i32, cout: i32): usize {
  return (<usize>(16 * tileRows * tilesWide * cout) << 2) + 64;
}
