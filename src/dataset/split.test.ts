import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeReal, realData } from '../../test/support/real-data.ts';
import { temporaryFolder } from '../../test/support/temporary.ts';
import type { Cell } from './cell.ts';
import { readCsvRecords } from './csv.ts';
import { foldsToSplit, readFolds } from './folds.ts';
import { applyLabelSet, readReview } from './label-sets.ts';
import { pythonRandom } from './python-random.ts';
import {
  type Part,
  partFingerprint,
  parts,
  readSplit,
  type SplitRow,
  splitFingerprint,
  writeSplit,
} from './split.ts';
import { splitByCell } from './split-by-cell.ts';
import { splitByPatient } from './split-by-patient.ts';
import { splitFolders } from './split-folders.ts';

const temporary = temporaryFolder();
const read = async () => new Uint8Array();
const cellOf = (name: string, label: Cell['label'], patient: string): Cell => ({
  name,
  label,
  patient,
  slide: '',
  path: name,
  read,
});
const count = (rows: readonly SplitRow[], part: Part) => rows.filter((row) => row.part === part).length;

/** Cells of some patients: every third healthy, each with a number of cells of its own. */
const someCells = fc
  .array(fc.integer({ min: 1, max: 30 }), { minLength: 10, maxLength: 60 })
  .map((sizes) =>
    sizes.flatMap((size, p) =>
      Array.from({ length: size }, (_, i) =>
        cellOf(`${p}-${i}.png`, p % 3 !== 0 && i % 2 === 0 ? 'parasitized' : 'uninfected', `patient ${p}`),
      ),
    ),
  );

describe("Python's generator", () => {
  // python3 -c 'import random; random.seed(S); l = list(range(10)); random.shuffle(l); print(l)'
  it.each([
    [0, [7, 8, 1, 5, 3, 4, 2, 0, 9, 6]],
    [2 ** 32 + 5, [5, 3, 6, 1, 9, 0, 8, 4, 7, 2]],
  ])('shuffles as CPython does, seed %i', (seed, expected) => {
    expect(pythonRandom(seed).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual(expected);
  });
});

describe('splitByPatient', () => {
  it('never puts a patient into two parts, for any data', () => {
    fc.assert(
      fc.property(someCells, fc.nat(), (cells, seed) => {
        const rows = splitByPatient(cells, { seed });
        expect(rows).toHaveLength(cells.length);
        const partOf = new Map<string, string>();
        for (const { patient, part } of rows) {
          expect(partOf.get(patient) ?? part).toBe(part);
          partOf.set(patient, part);
        }
        expect(new Set(partOf.values()).size).toBe(3);
      }),
      { numRuns: 20 },
    );
  });

  it('does not depend on the order of the cells, but on the seed', () => {
    const cells = fc.sample(someCells, { numRuns: 1, seed: 4 })[0];
    const rows = splitByPatient(cells, { seed: 1 });
    expect(splitByPatient([...cells].reverse(), { seed: 1 })).toEqual(rows);
    expect(splitFingerprint(splitByPatient(cells, { seed: 2 }))).not.toBe(splitFingerprint(rows));
  });

  it('says what to do when a patient is not known or there are too few', () => {
    const cells = [cellOf('a.png', 'parasitized', ''), cellOf('b.png', 'uninfected', 'x')];
    expect(() => splitByPatient(cells, { seed: 1 })).toThrow('--patients');
    expect(() => splitByPatient(cells.slice(1), { seed: 1 })).toThrow('1 patients cannot fill 3 parts');
  });

  it('refuses a part that would stay empty: two infected and two healthy patients fill two parts only', () => {
    const cells = ['a', 'b', 'c', 'd'].map((patient, i) =>
      cellOf(`${patient}.png`, i < 2 ? 'parasitized' : 'uninfected', patient),
    );
    expect(() => splitByPatient(cells, { seed: 1 })).toThrow(
      expect.objectContaining({
        code: 'too-few-patients',
        message: expect.stringContaining('4 patients leave the part test of a split 80/10/10 empty'),
      }),
    );
    const rows = splitByPatient(cells, { seed: 1, ratio: [80, 20, 0] });
    expect(parts.map((part) => count(rows, part))).toEqual([2, 2, 0]);
  });
});

describe('splitByCell', () => {
  it('cuts each label at the shares', () => {
    const cells = fc.sample(someCells, { numRuns: 1, seed: 9 })[0];
    const rows = splitByCell(cells, { seed: 3, ratio: [70, 20, 10] });
    expect(count(rows, 'train') / cells.length).toBeCloseTo(0.7, 1);
    expect(count(rows, 'val') / cells.length).toBeCloseTo(0.2, 1);
  });
});

describe('split files', () => {
  it('come back as they were written, whatever the names', async () => {
    const file = join(temporary, 'split.csv');
    const names = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        const rows = list.map(
          (name, i): SplitRow => ({ name, label: 'parasitized', patient: `p"${i}`, part: 'val' }),
        );
        await writeSplit(file, rows);
        expect(await readSplit(file)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it('are refused with the row that is wrong', async () => {
    const file = join(temporary, 'wrong.csv');
    const refusal = async (text: string) => {
      writeFileSync(file, text);
      return readSplit(file).then(
        () => 'read',
        (error: Error) => error.message,
      );
    };
    expect(await refusal('name,label,part\n')).toMatch(/lacks the column patient/);
    expect(await refusal('name,label,patient,part\na.png,infected,1,train\n')).toMatch(
      /row 2: label must be/,
    );
    expect(await refusal('name,label,patient,part\na.png,uninfected,1,valid\n')).toMatch(
      /row 2: part must be/,
    );
    expect(
      await refusal('name,label,patient,part\na.png,uninfected,1,val\na.png,uninfected,1,test\n'),
    ).toMatch(/twice/);
  });
});

describe('applyLabelSet', () => {
  const cells = [
    cellOf('a', 'parasitized', 'P1'),
    cellOf('b', 'uninfected', 'P1'),
    cellOf('c', 'uninfected', 'C1'),
  ];
  const review = cells.map(({ name, label }) => ({ name, label, review: 'disagrees' as const }));

  it('flips reviewed labels, but never those of healthy patients', () => {
    expect(applyLabelSet(cells, 'relabelled', review).map((cell) => cell.label)).toEqual([
      'uninfected',
      'parasitized',
      'uninfected',
    ]);
    expect(applyLabelSet(cells, 'dropped', review)).toEqual([]);
    expect(applyLabelSet(cells, 'published', [])).toEqual(cells);
    expect(() => applyLabelSet(cells, 'dropped', [])).toThrow('names none of these cells');
  });
});

type Parts = Record<Part, { sha256: string }>;

describeReal('splits of the NIH set', () => {
  let cells: Cell[] = [];
  let seedSplit: { parts: Parts; variantPngOnly: { parts: Parts } };
  beforeAll(async () => {
    const records = await readCsvRecords(realData('nih-meta/cells.csv'), ['name', 'label', 'patient']);
    cells = records.map(({ name, label, patient }) => cellOf(name, label as Cell['label'], patient));
    seedSplit = JSON.parse(readFileSync(realData('nih-meta/seed-split.json'), 'utf8'));
  });
  const fingerprints = (rows: readonly SplitRow[]) =>
    Object.fromEntries(
      (['train', 'val', 'test'] as const).map((part) => [part, partFingerprint(rows, part)]),
    );
  const wanted = (parts: Parts) =>
    Object.fromEntries(Object.entries(parts).map(([part, { sha256 }]) => [part, sha256]));

  it('repeat split-folders of Python bit for bit, with a Thumbs.db made up, present or absent', () => {
    const made = splitFolders(cells, { seed: 1337, withThumbsDb: true });
    expect(fingerprints(made)).toEqual(wanted(seedSplit.parts));
    const otherNames = { parasitized: ['Thumbs.db'], uninfected: ['Thumbs.db'] };
    expect(splitFolders(cells, { seed: 1337, otherNames })).toEqual(made);
    expect(() => splitFolders(cells, { seed: 1337, otherNames, withThumbsDb: true })).toThrow('Thumbs.db');
    expect(fingerprints(splitFolders(cells, { seed: 1337 }))).toEqual(wanted(seedSplit.variantPngOnly.parts));
  });

  it('by patient come within two points of the shares, of both labels', () => {
    for (const seed of [1, 2, 3]) {
      const rows = splitByPatient(cells, { seed });
      for (const label of ['parasitized', 'uninfected'] as const) {
        const own = rows.filter((row) => row.label === label);
        expect(Math.abs(count(own, 'val') / own.length - 0.1)).toBeLessThan(0.02);
        expect(Math.abs(count(own, 'test') / own.length - 0.1)).toBeLessThan(0.02);
      }
      expect(new Set(rows.filter((row) => row.part === 'test').map((row) => row.patient)).size).toBe(20);
    }
  });

  it('follow given folds, with validation patients out of the training folds', async () => {
    const folds = await readFolds(realData('nih-meta/folds.csv'));
    const rows = foldsToSplit(cells, folds, { test: 0, train: [1, 2, 3], seed: 1 });
    expect(new Set(rows.filter((row) => row.part === 'test').map((row) => folds.get(row.patient)))).toEqual(
      new Set([0]),
    );
    const val = new Set(rows.filter((row) => row.part === 'val').map((row) => row.patient));
    expect(val.size).toBe(12);
    expect(rows.some((row) => row.part === 'train' && val.has(row.patient))).toBe(false);
    expect(rows.some((row) => folds.get(row.patient) === 4)).toBe(false);
  });

  it('know the three label sets', async () => {
    const review = await readReview(realData('nih-meta/cells.csv'), cells);
    const relabelled = applyLabelSet(cells, 'relabelled', review);
    expect(relabelled.filter((cell, i) => cell.label !== cells[i].label)).toHaveLength(1244);
    expect(relabelled.some((cell) => cell.patient.startsWith('C') && cell.label === 'parasitized')).toBe(
      false,
    );
    expect(applyLabelSet(cells, 'dropped', review)).toHaveLength(26_161);
  });
});
