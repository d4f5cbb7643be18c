import { gemm } from './gemm';
import { zero } from './simd';
import { addRows, clearBelow, fillGradientRows, fillRows, maskRows, storeRows } from './winograd-rows';
import { stridedGradientTransform, stridedInputGradient } from './winograd-strided-transforms';
import { multipleOfFour, multiplyPositions, overlapOf, pointsOf, positionStride, TEMPORARY, transformStrip, weightOf } from './winograd-strip';
import { gradientTransform, inputGradientTransform } from './winograd-transforms';

/**
 * Both gradients of `winogradForward`, in its domain: dU += V' D (this chunk's part, [chunk][36][cin][cout]) and, where
 * dx is wanted, dV = D U', dx = the overlapping sum of B dV B'. uBackward is `winogradWeights` with `backward`.
 * With `coefficients` the gradient goes through the ReLU too, and inputSums [chunk][2][cin] gets the sums of it, g, and of
 * g (x - mean), as `normalizationBackwardSums`. Where `slopes` (0: none) are given, dy is the gradient behind a normalisation of z, this convolution's output.
 */
export function winogradBackward(
  scratch: usize, x: usize, coefficients: usize, uBackward: usize,
  dy: usize, z: usize, zCoefficients: usize, slopes: usize, zRelu: i32, dx: usize, accumulateDx: i32,
  inputSums: usize, duPartials: usize, dbPartials: usize,
  h: i32, wd: i32, cin: i32, ho: i32, wo: i32, cout: i32, stride: i32, pad: i32, tileRows: i32, imagesPerChunk: i32, images: i32, chunk: i32,
): void {
  const cinPadded = multipleOfFour(cin);
  const tilesWide = (wo + 3) >> 2, tilesHigh = (ho + 3) >> 2;
  const step = 4 * stride, overlap = overlapOf(stride), positions = <usize>(pointsOf(stride) * pointsOf(stride));
  const width = step * tilesWide + overlap;
  const pixel = (<usize>cinPadded) << 2, row = <usize>width * pixel;
  const outPixel = (<usize>cout) << 2, outRow = <usize>(4 * tilesWide) * outPixel;
  const vPosition = positionStride(tileRows * tilesWide, cinPadded);
  const dPosition = positionStride(tileRows * tilesWide, cout);
  const temporary = scratch;
  const rows = scratch + TEMPORARY;
  const v = rows + <usize>(step * tileRows + overlap) * row + 64;
  const d = v + positions * vPosition + 64;
  const gradients = d + positions * dPosition + 64;
  const du = duPartials + (<usize>chunk * <usize>(36 * cin * cout) << 2);
  zero(du, 36 * cin * cout);
  const db = dbPartials + <usize>chunk * outPixel;
  if (dbPartials) zero(db, cout);
  const sums = inputSums + <usize>(2 * chunk) * pixel;
  if (inputSums) zero(sums, 2 * cin);
  const last = min(images, (chunk + 1) * imagesPerChunk);
  for (let image = chunk * imagesPerChunk; image < last; image++) {
    const xi = x + (<usize>image * <usize>(h * wd * cin) << 2);
    const dxi = dx + (<usize>image * <usize>(h * wd * cin) << 2);
    const dyi = dy + <usize>image * <usize>(ho * wo) * outPixel;
    for (let top = 0; top < tilesHigh; top += tileRows) {
      const high = min(tileRows, tilesHigh - top);
      const tiles = high * tilesWide;
      fillRows(xi, coefficients, rows, step * top, step * high + overlap, width, h, wd, cin, pad);
      transformStrip(rows, row, pixel, cinPadded, stride, high, tilesWide, temporary, v, vPosition);
      // The rows are not needed any more: they become the strip's input gradient, and hold dy before that.
      if (slopes) {
        const zi = z + <usize>image * <usize>(ho * wo) * outPixel;
        fillGradientRows(dyi, zi, zCoefficients, slopes, zRelu, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout);
      } else {
        fillRows(dyi, 0, gradients, 4 * top, 4 * high, 4 * tilesWide, ho, wo, cout, 0);
      }
      if (dbPartials) addRows(gradients, db, 16 * tiles, cout);
      let out = d;
      for (let i = 0; i < high; i++) {
        let from = gradients + <usize>(4 * i) * outRow;
        for (let j = 0; j < tilesWide; j++) {
          for (let c: usize = 0; c < outPixel; c += 16) {
            if (stride == 1) gradientTransform(from + c, outRow, outPixel, temporary, out + c, dPosition);
            else stridedGradientTransform(from + c, outRow, outPixel, temporary, out + c, dPosition);
          }
          out += outPixel;
          from += 4 * outPixel;
        }
      }
      let vq = v, dq = d;
      for (let r = 0; r < pointsOf(stride); r++) {
        for (let c = 0; c < pointsOf(stride); c++) {
          const part = du + (<usize>(weightOf(r, c) * cin * cout) << 2);
          gemm(vq, 4, pixel, dq, outPixel, part, outPixel, cin, cout, tiles, true, 0);
          vq += vPosition;
          dq += dPosition;
        }
      }
      if (!dx) continue;
      multiplyPositions(d, dPosition, outPixel, uBackward, v, vPosition, pixel, stride, tiles, cout, cin);
      // The first rows of a strip overlap the strip above.
      const carried = top ? overlap : 0;
      if (carried) memory.copy(rows, gradients + carryOffset(tileRows, tilesWide, cout), <usize>overlap * row);
      memory.fill(rows + <usize>carried * row, 0, <usize>(step * high + overlap - carried) * row);
      let product = v;
      for (let i = 0; i < high; i++) {
        let to = rows + <usize>(step * i) * row;
        for (let j = 0; j < tilesWide; j++) {
          for (let c: usize = 0; c < pixel; c += 16) {
            if (stride == 1) inputGradientTransform(product + c, vPosition, temporary, to + c, row, pixel);
            else stridedInputGradient(product + c, vPosition, temporary, to + c, row, pixel);
          }
          product += pixel;
          to += <usize>step * pixel;
        }
      }
      const complete = step * high + (top + tileRows >= tilesHigh ? overlap : 0);
      memory.copy(gradients + carryOffset(tileRows, tilesWide, cout), rows + <usize>(step * high) * row, <usize>overlap * row);
      if (inputSums) maskRows(rows, xi, coefficients, sums, step * top, complete, row, h, wd, cin, pad);
      storeRows(rows, dxi, step * top, complete, row, h, wd, cin, pad, accumulateDx != 0);
    }
    if (dx && !accumulateDx) clearBelow(dxi, step * tilesHigh + overlap - pad, step * tilesWide + overlap - pad, h, wd, cin);
  }
}

/** Where the rows carried to the next strip are kept: behind the strip's dy. */
// @ts-ignore: decorator
@inline
function carryOffset(tileRows: i32, tilesWide: i32, cout: i32): usize {
  return (<usize>(16 * tileRows * tilesWide * cout) << 2) + 64;
}
