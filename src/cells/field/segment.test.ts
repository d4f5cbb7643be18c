import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellMask } from '../cell-mask.ts';
import { drawImage } from '../draw-canvas.ts';
import { type DrawnField, drawField, type PlacedCell } from '../draw-field.ts';
import type { CellImage } from '../image.ts';
import { distanceInside } from './distance.ts';
import { fillHoles } from './holes.ts';
import { otsuThreshold } from './otsu.ts';
import { type CellRegion, diameterOf, touchesEdge } from './regions.ts';
import { type CellSeed, seedOfBox, seedOfPoint } from './seeds.ts';
import { segmentCells } from './segment.ts';

const GLASS = 240;
const STAINED = 150;

type Disc = readonly [x: number, y: number, radius: number];

/** Grey discs on light glass; a fourth disc list is painted light again. */
function discs(width: number, height: number, dark: readonly Disc[], light: readonly Disc[] = []): CellImage {
  const within =
    (x: number, y: number) =>
    ([a, b, r]: Disc) =>
      (x - a) ** 2 + (y - b) ** 2 <= r * r;
  return drawImage(width, height, (x, y) => {
    const level = dark.some(within(x, y)) && !light.some(within(x, y)) ? STAINED : GLASS;
    return [level, level, level];
  });
}

/** The numbers of the field's pixels that belong to a region. */
function pixelsOf(region: CellRegion | undefined, fieldWidth: number): Set<number> {
  const pixels = new Set<number>();
  if (!region) return pixels;
  const { box, inside } = region;
  const columns = box.right - box.left;
  inside.forEach((value, i) => {
    if (value === 1) pixels.add((box.top + Math.floor(i / columns)) * fieldWidth + box.left + (i % columns));
  });
  return pixels;
}

function drawnPixels({ image, left, top }: PlacedCell, fieldWidth: number): Set<number> {
  const pixels = new Set<number>();
  cellMask(image).inside.forEach((value, i) => {
    if (value === 1) pixels.add((top + Math.floor(i / image.width)) * fieldWidth + left + (i % image.width));
  });
  return pixels;
}

function intersectionOverUnion(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let shared = 0;
  for (const pixel of a) if (b.has(pixel)) shared++;
  return shared / (a.size + b.size - shared);
}

function boxOf({ image, left, top }: PlacedCell, margin: number) {
  return {
    left: left - margin,
    top: top - margin,
    right: left + image.width + margin,
    bottom: top + image.height + margin,
  };
}

describe('segmentCells on drawn fields', () => {
  // Scraps of neighbours that the drawing leaves on some cells are cut off.
  const expectFound = ({ image, cells }: DrawnField, regions: readonly (CellRegion | undefined)[]) => {
    const overlaps = cells.map((cell, i) =>
      intersectionOverUnion(pixelsOf(regions[i], image.width), drawnPixels(cell, image.width)),
    );
    expect(Math.min(...overlaps)).toBeGreaterThan(0.85);
    expect(overlaps.filter((overlap) => overlap > 0.9).length).toBeGreaterThan(0.9 * cells.length);
    expect(overlaps.reduce((sum, overlap) => sum + overlap, 0) / cells.length).toBeGreaterThan(0.93);
  };

  it.each([1, 2, 3, 4])('finds cells in loose boxes where they were drawn (seed %i)', (seed) => {
    const field = drawField({ columns: 4, rows: 3, seed });
    const seeds = field.cells.map((cell) => seedOfBox(boxOf(cell, 8)));
    expectFound(field, segmentCells(field.image, seeds));
  });

  it.each([5, 6])('finds cells from clicks a third of a radius off their middle (seed %i)', (seed) => {
    const field = drawField({ columns: 4, rows: 3, seed });
    const seeds = field.cells.map(({ image: { width, height }, left, top }, i) =>
      seedOfPoint(left + width / 2 + (i % 2 ? 20 : -20), top + height / 2, 62),
    );
    expectFound(field, segmentCells(field.image, seeds));
  });
});

describe('segmentCells', () => {
  const around = ([x, y, r]: Disc, margin = 4): CellSeed =>
    seedOfBox({ left: x - r - margin, top: y - r - margin, right: x + r + margin, bottom: y + r + margin });

  it('parts two cells that touch, at the neck between them', () => {
    const pair: Disc[] = [
      [50, 50, 30],
      [105, 50, 30],
    ];
    const field = discs(160, 100, pair);
    const [left, right] = segmentCells(
      field,
      pair.map((disc) => around(disc)),
    );
    expect(left?.box.right).toBeGreaterThan(76);
    expect(left?.box.right).toBeLessThan(81);
    expect(right?.box.left).toBe(left?.box.right);
    // All pixels of the two discs but a few at their corners.
    const stained = Array.from({ length: 160 * 100 }, (_, i) => field.data[3 * i]).filter(
      (v) => v === STAINED,
    );
    expect((left?.area ?? 0) + (right?.area ?? 0)).toBeGreaterThan(0.99 * stained.length);
  });

  it('does not take in a neighbour that has no seed', () => {
    const cell: Disc = [50, 50, 30];
    const [region] = segmentCells(discs(160, 100, [cell, [105, 50, 30]]), [around(cell)]);
    expect(region?.box.right).toBeLessThan(81);
    expect(diameterOf(region?.area ?? 0)).toBeLessThan(61);
  });

  it('fills a pale middle and specks of light, but not the gap between cells', () => {
    const ring: Disc[] = [0, 1, 2, 3].map((i) => [60 + 60 * (i % 2), 60 + 60 * Math.floor(i / 2), 30.5]);
    const field = discs(180, 180, ring, [
      [60, 60, 12],
      [136, 120, 3],
    ]);
    const regions = segmentCells(
      field,
      ring.map((disc) => around(disc)),
    );
    for (const region of regions) {
      // The pixels of a disc of radius 30.5, give or take those on the contact with a neighbour.
      expect(Math.abs((region?.area ?? 0) - Math.PI * 30.5 ** 2)).toBeLessThan(30);
    }
  });

  it('gives nothing where nothing is stained, nor to a second seed in one cell', () => {
    const cell: Disc = [50, 50, 30];
    const field = discs(200, 100, [cell]);
    const regions = segmentCells(field, [around(cell), around([160, 50, 20]), around(cell)]);
    expect(regions.map((region) => region !== undefined)).toEqual([true, false, false]);
    expect(segmentCells(field, [])).toEqual([]);
  });

  it('knows cells that the edge cuts off', () => {
    const pair: Disc[] = [
      [10, 50, 30],
      [100, 50, 30],
    ];
    const field = discs(160, 100, pair);
    const regions = segmentCells(
      field,
      pair.map((disc) => around(disc)),
    );
    expect(regions.map((region) => region && touchesEdge(region, field))).toEqual([true, false]);
  });

  it('gives regions that lie in their boxes, hang together and do not overlap', () => {
    const disc = fc.tuple(fc.nat(79), fc.nat(59), fc.integer({ min: 3, max: 20 }));
    fc.assert(
      fc.property(fc.array(disc, { minLength: 1, maxLength: 6 }), (all) => {
        const seeds = all.map((one) => around(one, 2));
        const taken = new Set<number>();
        let shared = 0;
        segmentCells(discs(80, 60, all), seeds).forEach((region, i) => {
          if (!region) return;
          const { box } = region;
          expect(box.left).toBeGreaterThanOrEqual(Math.max(0, seeds[i].box.left));
          expect(box.top).toBeGreaterThanOrEqual(Math.max(0, seeds[i].box.top));
          expect(box.right).toBeLessThanOrEqual(Math.min(80, seeds[i].box.right));
          expect(box.bottom).toBeLessThanOrEqual(Math.min(60, seeds[i].box.bottom));
          const pixels = pixelsOf(region, 80);
          expect(pixels.size).toBe(region.area);
          expect(connected(pixels, 80)).toBe(region.area);
          for (const pixel of pixels) {
            if (taken.has(pixel)) shared++;
            taken.add(pixel);
          }
        });
        expect(shared).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

/** How many of the pixels are reached from the first, by their sides. */
function connected(pixels: ReadonlySet<number>, width: number): number {
  const [first] = pixels;
  const reached = new Set([first]);
  for (const pixel of reached) {
    const sides = [pixel - width, pixel + width];
    if (pixel % width > 0) sides.push(pixel - 1);
    if (pixel % width < width - 1) sides.push(pixel + 1);
    for (const side of sides) if (pixels.has(side)) reached.add(side);
  }
  return reached.size;
}

describe('otsuThreshold', () => {
  it("gives scikit-image's threshold: the last level of the lower part", () => {
    // Worked by hand: parts {0, 1} and {5, 6} are 5 apart with 4 and 4 members; no other cut is better.
    expect(otsuThreshold([2, 2, 0, 0, 0, 2, 2])).toBe(1);
    // Six at 0, one at 3, one at 4: cutting after 0 gives 6 * 2 * 3.5^2 = 147, after 3 gives 7 * 1 * (4 - 3/7)^2 = 89.3.
    expect(otsuThreshold([6, 0, 0, 1, 1])).toBe(0);
    expect(otsuThreshold([0, 0, 7])).toBe(2);
    expect(otsuThreshold([])).toBe(0);
  });

  it('is the best of all cuts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 2, maxLength: 12 }), (histogram) => {
        const between = (cut: number) => {
          const part = (levels: readonly number[], from: number) => {
            const n = levels.reduce((sum, v) => sum + v, 0);
            return [n, levels.reduce((sum, v, i) => sum + v * (from + i), 0) / n] as const;
          };
          const [n, mean] = part(histogram.slice(0, cut + 1), 0);
          const [m, other] = part(histogram.slice(cut + 1), cut + 1);
          return n > 0 && m > 0 ? n * m * (mean - other) ** 2 : 0;
        };
        const best = Math.max(...histogram.map((_, cut) => between(cut)));
        expect(between(otsuThreshold(histogram))).toBeCloseTo(best, 6);
      }),
    );
  });
});

it('distanceInside adds up 3 for a side and 4 for a corner, and takes the edge for inside', () => {
  // biome-ignore format: a picture
  const inside = Uint8Array.of(
    0, 1, 1, 1, 1,
    1, 1, 1, 1, 1,
    1, 1, 1, 0, 1,
  );
  // biome-ignore format: a picture
  expect([...distanceInside(inside, 5)]).toEqual([
    0, 3, 6, 6, 7,
    3, 4, 4, 3, 4,
    6, 6, 3, 0, 3,
  ]);
});

it('fillHoles fills what does not reach the edge, if it is asked to', () => {
  // biome-ignore format: a picture
  const ring = () => Uint8Array.of(
    0, 1, 1, 1, 0,
    1, 1, 0, 1, 1,
    1, 0, 0, 1, 0,
    1, 1, 1, 1, 1,
  );
  const filled = ring();
  fillHoles(filled, 5);
  expect([...filled.subarray(5, 15)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  const asked: number[][] = [];
  const left = ring();
  fillHoles(left, 5, (...hole) => {
    asked.push(hole);
    return false;
  });
  expect(left).toEqual(ring());
  expect(asked).toEqual([[3, 5 / 3, 5 / 3]]);
});
