import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCells } from '../cells/draw.ts';
import type { CellImage } from '../cells/image.ts';
import { imageColour } from '../cells/simple-features.ts';
import type { Cell } from '../dataset/cell.ts';
import type { CellFacts } from './cell-facts.ts';
import { findDuplicates } from './duplicates.ts';
import { thumbnailOf } from './thumbnail.ts';

const drawn = drawCells({ count: 120, seed: 9 });

function facts(name: string, image: CellImage, own: Partial<Cell> = {}): CellFacts {
  const { width, height, data } = image;
  const pixels = `${width}x${height} ${Buffer.from(data).toString('base64')}`;
  const cell = {
    name,
    path: name,
    label: 'uninfected',
    patient: '',
    slide: '',
    read: async () => data,
    ...own,
  };
  return {
    cell: cell as Cell,
    path: name,
    width,
    height,
    colour: imageColour(image),
    thumbnail: thumbnailOf(image),
    pixels,
    bytes: pixels,
  };
}

const all = drawn.map(({ name, label, patient, image }) => facts(name, image, { label, patient }));
const none = () => undefined;
const groupsOf = (some: CellFacts[]) => findDuplicates(some, none).nearlySame.map(({ cells }) => cells);

/** The image turned by quarters and mirrored. */
function oriented({ width, height, data }: CellImage, quarters: number, mirrored: boolean): CellImage {
  const turned = quarters % 2 === 1;
  const size = turned ? { width: height, height: width } : { width, height };
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = mirrored ? width - 1 - x : x;
      const [tx, ty] = [
        [x, y],
        [height - 1 - y, x],
        [width - 1 - x, height - 1 - y],
        [y, width - 1 - x],
      ][quarters];
      for (let c = 0; c < 3; c++) out[3 * (ty * size.width + tx) + c] = data[3 * (y * width + from) + c];
    }
  }
  return { ...size, data: out };
}

/** Every level moved by up to `most`, as a new compression does. */
function noisy({ width, height, data }: CellImage, most: number): CellImage {
  const out = data.map((level, i) =>
    level === 0 ? 0 : Math.min(255, Math.max(0, level + (((i * 7919) % (2 * most + 1)) - most))),
  );
  return { width, height, data: out };
}

/** Half as large, each pixel the mean of four. */
function halved({ width, height, data }: CellImage): CellImage {
  const [w, h] = [width >> 1, height >> 1];
  const out = Uint8Array.from({ length: 3 * w * h }, (_, i) => {
    const c = i % 3;
    const x = 2 * (Math.floor(i / 3) % w);
    const y = 2 * Math.floor(i / 3 / w);
    const at = (dx: number, dy: number) => data[3 * ((y + dy) * width + x + dx) + c];
    return Math.round((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4);
  });
  return { width: w, height: h, data: out };
}

describe('duplicates', () => {
  it('are none among different cells', () => {
    expect(findDuplicates(all, none)).toEqual({ sameBytes: [], samePixels: [], nearlySame: [] });
  });

  it('turned, mirrored, saved again or half as large are near ones, of the right cell', () => {
    fc.assert(
      fc.property(
        fc.nat(drawn.length - 1),
        fc.nat(3),
        fc.boolean(),
        fc.boolean(),
        (i, quarters, mirrored, small) => {
          const image = oriented(
            noisy(small ? halved(drawn[i].image) : drawn[i].image, 6),
            quarters,
            mirrored,
          );
          expect(groupsOf([...all, facts('copy', image)])).toEqual([[drawn[i].name, 'copy']]);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('of the same file or the same pixels are told apart, and are no near ones', () => {
    const [a, b, c] = all;
    const file = { ...a, path: 'same-file' };
    const pixels = { ...b, path: 'same-pixels', bytes: 'other' };
    const { sameBytes, samePixels, nearlySame } = findDuplicates([a, b, c, file, pixels], none);
    expect(sameBytes.map(({ cells }) => cells)).toEqual([[a.path, 'same-file']]);
    expect(samePixels.map(({ cells }) => cells)).toEqual([[b.path, 'same-pixels']]);
    expect(nearlySame).toEqual([]);
  });

  it('say whether they cross labels, patients and parts', () => {
    const [a] = all;
    const copy = (own: Partial<Cell>) => ({ ...a, path: 'copy', cell: { ...a.cell, ...own } });
    const crossings = (own: Partial<Cell>, partOf: Parameters<typeof findDuplicates>[1] = none) => {
      const [{ cells, ...crossed }] = findDuplicates([a, copy(own)], partOf).sameBytes;
      expect(cells).toHaveLength(2);
      return Object.entries(crossed).flatMap(([name, yes]) => (yes ? [name] : []));
    };
    expect(crossings({})).toEqual([]);
    expect(crossings({ label: a.cell.label === 'parasitized' ? 'uninfected' : 'parasitized' })).toEqual([
      'acrossLabels',
    ]);
    expect(crossings({ patient: 'somebody else' })).toEqual(['acrossPatients']);
    expect(crossings({ patient: '' })).toEqual([]);
    expect(crossings({}, ({ path }) => (path === 'copy' ? 'test' : 'train'))).toEqual(['acrossParts']);
    expect(crossings({}, ({ path }) => (path === 'copy' ? undefined : 'train'))).toEqual([]);
  });
});
