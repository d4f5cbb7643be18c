import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepThumbnails, thumbnailOf } from './thumbnails.ts';

const image = { width: 1, height: 1, data: new Uint8Array(3) };

describe('the images that a report shows', () => {
  test('are all of them where they are few, from the highest probability down', () => {
    const kept = keepThumbnails(0.5, 2);
    for (const probability of [0.1, 0.9, 0.5, 0.3]) kept.add({ file: '', label: '', probability, image });
    const { highest, nearest, lowest } = kept.groups();
    expect(highest.map(({ probability }) => probability)).toEqual([0.9, 0.5, 0.3, 0.1]);
    expect([nearest, lowest]).toEqual([[], []]);
  });

  test('else those that one would pick from all at once', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(probability, { minLength: 10, maxLength: 300 }),
        probability,
        (all, threshold) => {
          const kept = keepThumbnails(threshold, 3);
          for (const one of all) kept.add({ file: '', label: '', probability: one, image });
          const { highest, nearest, lowest } = kept.groups();
          const ordered = all.toSorted((a, b) => b - a);
          const distance = (one: number) => Math.abs(one - threshold);
          const furthest = (group: readonly { probability: number }[]) =>
            group.map((one) => distance(one.probability));
          expect(highest.map((one) => one.probability)).toEqual(ordered.slice(0, 3));
          expect(lowest.map((one) => one.probability)).toEqual(ordered.slice(-3));
          const expected = ordered
            .slice(3, -3)
            .map(distance)
            .sort((a, b) => a - b)
            .slice(0, 3);
          expect(furthest(nearest).sort((a, b) => a - b)).toEqual(expected);
        },
      ),
    );
  });
});

test('a thumbnail of a large image is small, of one colour where the image is, and keeps its shape', () => {
  const data = new Uint8Array(3 * 400 * 200).fill(200);
  const small = thumbnailOf({ width: 400, height: 200, data });
  expect([small.width, small.height]).toEqual([128, 64]);
  const middle = small.data.subarray(3 * (32 * 128 + 20), 3 * (32 * 128 + 100));
  expect(new Set(middle)).toEqual(new Set([200]));
  const line = thumbnailOf({ width: 4096, height: 1, data: new Uint8Array(3 * 4096) });
  expect([line.width, line.height]).toEqual([128, 1]);
  expect(thumbnailOf(image)).toBe(image);
});
