import { expect, test } from 'vitest';
import { cellMask } from '../../cells/cell-mask.ts';
import { drawImage } from '../../cells/draw-canvas.ts';
import type { CellImage } from '../../cells/image.ts';
import { occluded, touchesCell } from './occlusion.ts';

/** 20 by 20 pixels on black, in a colour, with darker ones in the middle two columns. */
const image = drawImage(24, 24, (x, y) => {
  if (x < 2 || x >= 22 || y < 2 || y >= 22) return [0, 0, 0];
  return x === 11 || x === 12 ? [100, 50, 120] : [200, 150, 160];
});
const mask = cellMask(image);
const pixel = ({ width, data }: CellImage, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

test('a disc is painted in the cell’s median colour, half of it where its radius is, none beyond its soft edge', () => {
  // About the centre of pixel 11, 12, 10 pixels across.
  const [painted] = occluded(image, mask, [[11.5, 12.5]], 10);
  const of = (x: number, y: number) => pixel(painted, x, y);
  expect(of(11, 12)).toEqual([200, 150, 160]);
  expect(of(11, 8)).toEqual([200, 150, 160]);
  // 5 pixels up is the radius.
  expect(of(11, 7)).toEqual([150, 100, 140]);
  expect(of(11, 6)).toEqual([100, 50, 120]);
  expect(of(5, 12)).toEqual([200, 150, 160]);
});

test('what is not of the cell stays black', () => {
  const [painted] = occluded(image, mask, [[11.5, 2]], 12);
  expect(pixel(painted, 11, 2)).toEqual([200, 150, 160]);
  expect(pixel(painted, 11, 1)).toEqual([0, 0, 0]);
});

test('each disc is on the image as it was, without those before; the image itself is not touched', () => {
  const before = image.data.slice();
  const dark: number[] = [];
  const points = [
    [12, 6],
    [12, 18],
    [60, 60],
  ] as const;
  for (const one of occluded(image, mask, points, 6)) {
    dark.push(one.data.filter((value, i) => i % 3 === 1 && value === 50).length);
  }
  // A disc hides the whole of two columns over 2 x radius 3, less its soft edge; the third lies outside.
  expect(dark[0]).toBe(dark[1]);
  expect(dark[0]).toBeLessThan(40);
  expect(dark[2]).toBe(40);
  expect(image.data).toEqual(before);
});

test('a disc touches the cell where the box around it, soft edge and all, has one of its pixels', () => {
  // Reach of a disc of 10: 5 x 1.2 = 6 pixels.
  expect(touchesCell(image, mask, [-4, 12], 10)).toBe(false);
  expect(touchesCell(image, mask, [-3.9, 12], 10)).toBe(true);
  expect(touchesCell(image, mask, [12, 12], 10)).toBe(true);
  expect(touchesCell(image, mask, [12, 90], 10)).toBe(false);
});
