import { expect, test } from 'vitest';
import { appearanceOf } from './appearance.ts';
import type { CellImage } from './image.ts';

/** Grey where `level` is above 0, rows from the top. */
function image(width: number, height: number, level: (x: number, y: number) => number): CellImage {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    data.fill(level(i % width, Math.floor(i / width)), 3 * i, 3 * i + 3);
  return { width, height, data };
}

const disc = (cx: number, cy: number, r: number) => (x: number, y: number) =>
  (x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < r * r ? 100 : 0;

test('a black image has no appearance', () => {
  expect(appearanceOf(image(9, 9, () => 0))).toBeNull();
});

test('a rectangle of 40 x 20 pixels', () => {
  const at = (x: number, y: number) => (x >= 5 && x < 45 && y >= 10 && y < 30 ? 100 : 0);
  const rectangle = appearanceOf(image(50, 40, at));
  expect(rectangle).toEqual({
    diameter: 40,
    fill: 0.4,
    scattered: 0,
    solidity: 1,
    elongation: expect.closeTo(2, 9),
    straightEdge: 1,
    texture: 0,
    sharpness: 0,
    stained: 0,
    green: 100,
    redOverGreen: 0,
    blueOverGreen: 0,
  });
});

test('a disc is solid, round and has no straight edge; half of it has one', () => {
  const whole = appearanceOf(image(120, 120, disc(60, 60, 55)));
  expect(whole?.elongation).toBeCloseTo(1, 3);
  expect(whole?.solidity).toBeGreaterThan(0.97);
  expect(whole?.straightEdge).toBeLessThan(0.2);
  const half = appearanceOf(image(120, 120, (x, y) => (x + y < 120 ? disc(60, 60, 55)(x, y) : 0)));
  expect(half?.straightEdge).toBeGreaterThan(0.9);
});

test('two touching discs: hull (4 + pi) r r, area 2 pi r r, moments 1.25 and .25 r r', () => {
  const two = appearanceOf(image(170, 90, (x, y) => disc(45, 45, 40)(x, y) || disc(125, 45, 40)(x, y)));
  expect(two?.solidity).toBeCloseTo((2 * Math.PI) / (4 + Math.PI), 1);
  expect(two?.elongation).toBeCloseTo(Math.sqrt(5), 1);
  const apart = appearanceOf(image(190, 90, (x, y) => disc(45, 45, 40)(x, y) || disc(145, 45, 40)(x, y)));
  expect(apart?.scattered).toBeCloseTo(0.5, 9);
});

test('a checked surface: texture and sharpness by hand, and its dark half is stained', () => {
  const checked = appearanceOf(image(40, 40, (x, y) => ((x + y) % 2 === 0 ? 150 : 50)));
  // Mean 100, deviation 50; each pixel differs by 100 from all its neighbours.
  expect(checked?.texture).toBeCloseTo(0.5, 2);
  expect(checked?.sharpness).toBeCloseTo(1, 2);
  expect(checked?.stained).toBe(0.5);
});
