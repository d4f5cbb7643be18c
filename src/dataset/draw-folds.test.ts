import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeReal, realData } from '../../test/support/real-data.ts';
import type { Cell } from './cell.ts';
import { readCsvRecords } from './csv.ts';
import { drawFolds } from './draw-folds.ts';

const cellsOf = (patient: string, parasitized: number, uninfected: number): Cell[] =>
  Array.from({ length: parasitized + uninfected }, (_, i) => ({
    name: `${patient}-${i}.png`,
    label: i < parasitized ? 'parasitized' : 'uninfected',
    patient,
    slide: '',
    path: `${patient}-${i}.png`,
    read: async () => new Uint8Array(),
  }));

/** Five infected patients or more, and some healthy ones. */
const someCells = fc
  .record({
    infected: fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(9)), {
      minLength: 5,
      maxLength: 40,
    }),
    healthy: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
  })
  .map(({ infected, healthy }) => [
    ...infected.flatMap(([parasitized, uninfected], i) => cellsOf(`P${i}`, parasitized, uninfected)),
    ...healthy.flatMap((uninfected, i) => cellsOf(`C${i}`, 0, uninfected)),
  ]);

describe('drawFolds', () => {
  it('puts every patient into one fold, and infected and healthy ones evenly, for any data', () => {
    fc.assert(
      fc.property(someCells, fc.integer({ min: 2, max: 5 }), fc.nat(), (cells, folds, seed) => {
        const foldOf = drawFolds(cells, { folds, seed });
        expect(new Set(foldOf.keys())).toEqual(new Set(cells.map(({ patient }) => patient)));
        for (const kind of ['P', 'C']) {
          const counts = Array.from(
            { length: folds },
            (_, fold) => [...foldOf].filter(([name, own]) => name.startsWith(kind) && own === fold).length,
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('draws the same for the same seed, whatever the order of the cells', () => {
    const cells = Array.from({ length: 12 }, (_, i) => cellsOf(`P${i}`, 1 + ((7 * i) % 5), i)).flat();
    const first = drawFolds(cells, { folds: 3, seed: 1 });
    expect(drawFolds([...cells].reverse(), { folds: 3, seed: 1 })).toEqual(first);
    expect(drawFolds(cells, { folds: 3, seed: 2 })).not.toEqual(first);
  });

  it('does not put the two patients with most cells together', () => {
    const cells = [900, 800, 3, 2, 2, 1].flatMap((count, i) => cellsOf(`P${i}`, count, count));
    const foldOf = drawFolds(cells, { folds: 2, seed: 3 });
    expect(foldOf.get('P0')).not.toBe(foldOf.get('P1'));
  });

  it('refuses more folds than infected patients, and cells of unknown patients', () => {
    const cells = [...cellsOf('P1', 2, 2), ...cellsOf('P2', 2, 2), ...cellsOf('C1', 0, 4)];
    expect(() => drawFolds(cells, { folds: 3, seed: 1 })).toThrow(
      '3 folds need 3 patients with parasitized cells; the data have 2',
    );
    expect(() => drawFolds([...cells, ...cellsOf('', 1, 1)], { folds: 2, seed: 1 })).toThrow('--patients');
  });
});

describeReal('drawFolds on the whole NIH set', () => {
  it('gives five folds of 30 infected and 10 healthy patients, with a fifth of the cells within 1.5 points', async () => {
    const rows = await readCsvRecords(realData('nih-meta/cells.csv'), ['name', 'label', 'patient']);
    const cells = rows.map((row) => ({
      ...row,
      path: row.name,
      slide: '',
      read: async () => new Uint8Array(),
    }));
    const foldOf = drawFolds(cells as Cell[], { folds: 5, seed: 1 });
    for (let fold = 0; fold < 5; fold++) {
      const own = [...foldOf].filter(([, other]) => other === fold);
      expect(own.filter(([name]) => name.startsWith('P'))).toHaveLength(30);
      expect(own.filter(([name]) => name.startsWith('C'))).toHaveLength(10);
      for (const label of ['parasitized', 'uninfected']) {
        const share = rows.filter((row) => row.label === label && foldOf.get(row.patient) === fold).length;
        expect(Math.abs(share / 13_779 - 0.2)).toBeLessThan(0.015);
      }
    }
  });
});
