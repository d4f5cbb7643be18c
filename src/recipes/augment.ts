import type { CellImage } from '../cells/image.ts';
import { varyColour } from './augment-colour.ts';
import { layPlatelet } from './augment-platelets.ts';
import { type Preprocessing, preprocess } from './preprocessing.ts';
import { randomInteger } from './random.ts';
import type { Augmentation } from './recipe.ts';
import { cosPi, sinPi } from './trigonometry.ts';

/**
 * Fits one training image as `preprocess` does and varies it: what lies on it (a platelet), where it lies itself (turned,
 * mirrored, shifted, zoomed), then its colours inside the cell. Without any variation the values are those of `preprocess`, bit for bit.
 *
 * @param draw random numbers in [0, 1); how many are drawn depends on the augmentation alone, not on the image
 * @param out gets `height * width * 3` float32 values from `offset` on
 */
export function augmentInto(
  image: CellImage,
  preprocessing: Preprocessing,
  augmentation: Augmentation,
  draw: () => number,
  out: Float32Array,
  offset: number,
): void {
  const { height, width } = preprocessing;
  const target = out.subarray(offset, offset + height * width * 3);
  const black = preprocessing.offset === 0 ? ([0, 0, 0] as const) : preprocessing.offset;
  preprocess(layPlatelet(image, augmentation, draw), preprocessing, out, offset);

  const turn = augmentation.dihedral ? randomInteger(draw, height === width ? 8 : 4) : 0;
  const warp = drawWarp(augmentation, draw);
  if (warp !== undefined) sampleWarped(target, { height, width, turn, warp, black }, target);
  else if (turn !== 0) permute(target.slice(), { height, width, turn }, target);
  varyColour(target, preprocessing, augmentation, draw);
}

/** A 2x2 matrix (x and y of the output to x and y of the source, about the centre) and a shift, in pixels. */
interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * The eight symmetries of a square. Bit 0 mirrors left and right, bit 1 mirrors top and bottom, bit 2 exchanges rows
 * and columns; the first four also keep a rectangle.
 */
function symmetry(turn: number): Affine {
  const x = turn & 1 ? -1 : 1;
  const y = turn & 2 ? -1 : 1;
  return turn & 4
    ? { xx: 0, xy: x, yx: y, yy: 0, dx: 0, dy: 0 }
    : { xx: x, xy: 0, yx: 0, yy: y, dx: 0, dy: 0 };
}

/** Rotation, zoom and shift, or undefined where the augmentation has none of them. */
function drawWarp(augmentation: Augmentation, draw: () => number): Affine | undefined {
  const { rotation = 0, shift = 0, zoom = 0 } = augmentation;
  if (rotation === 0 && shift === 0 && zoom === 0) return undefined;
  const signed = () => 2 * draw() - 1;
  const angle = (rotation * signed()) / 180;
  const scale = 1 / (1 + zoom * signed());
  const cos = cosPi(angle) * scale;
  const sin = sinPi(angle) * scale;
  return { xx: cos, xy: -sin, yx: sin, yy: cos, dx: shift * signed(), dy: shift * signed() };
}

interface Size {
  readonly height: number;
  readonly width: number;
  readonly turn: number;
}

function permute(source: Float32Array, { height, width, turn }: Size, target: Float32Array): void {
  const { xx, xy, yx, yy } = symmetry(turn);
  // Twice the coordinates about the centre, so that they are integers.
  let o = 0;
  for (let y = 0; y < height; y++) {
    const v = 2 * y + 1 - height;
    for (let x = 0; x < width; x++) {
      const u = 2 * x + 1 - width;
      const column = (xx * u + xy * v + width - 1) / 2;
      const row = (yx * u + yy * v + height - 1) / 2;
      const p = (row * width + column) * 3;
      target[o] = source[p];
      target[o + 1] = source[p + 1];
      target[o + 2] = source[p + 2];
      o += 3;
    }
  }
}

interface Warped extends Size {
  readonly warp: Affine;
  /** Values of a black pixel, which is what lies beyond the image. */
  readonly black: readonly [number, number, number];
}

/** Bilinear interpolation at the warped position of each output pixel: once, symmetry included. */
function sampleWarped(
  source: Float32Array,
  { height, width, turn, warp, black }: Warped,
  target: Float32Array,
): void {
  const s = symmetry(turn);
  const xx = s.xx * warp.xx + s.xy * warp.yx;
  const xy = s.xx * warp.xy + s.xy * warp.yy;
  const yx = s.yx * warp.xx + s.yy * warp.yx;
  const yy = s.yx * warp.xy + s.yy * warp.yy;
  // Black margins of one pixel before and two after: every position, clamped, has its four neighbours.
  const padded = withMargins(source, height, width, black);
  const stride = (width + 3) * 3;
  let o = 0;
  for (let y = 0; y < height; y++) {
    const v = y - (height - 1) / 2;
    for (let x = 0; x < width; x++) {
      const u = x - (width - 1) / 2;
      const sx = clamp(xx * u + xy * v + (width + 1) / 2 + warp.dx, width + 1);
      const sy = clamp(yx * u + yy * v + (height + 1) / 2 + warp.dy, height + 1);
      const left = Math.floor(sx);
      const top = Math.floor(sy);
      const right = sx - left;
      const below = sy - top;
      let p = top * stride + left * 3;
      for (const end = p + 3; p < end; p++) {
        const upper = padded[p] * (1 - right) + padded[p + 3] * right;
        const lower = padded[p + stride] * (1 - right) + padded[p + stride + 3] * right;
        target[o++] = upper * (1 - below) + lower * below;
      }
    }
  }
}

function withMargins(
  source: Float32Array,
  height: number,
  width: number,
  black: readonly [number, number, number],
): Float32Array {
  const padded = new Float32Array((height + 3) * (width + 3) * 3);
  if (black.some((value) => value !== 0)) {
    for (let i = 0; i < padded.length; i += 3) padded.set(black, i);
  }
  for (let y = 0; y < height; y++) {
    padded.set(source.subarray(y * width * 3, (y + 1) * width * 3), ((y + 1) * (width + 3) + 1) * 3);
  }
  return padded;
}

function clamp(x: number, most: number): number {
  return Math.min(most, Math.max(0, x));
}
