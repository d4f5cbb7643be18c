import { describe, expect, test } from 'vitest';
import type { Cell, Label } from '../dataset/cell.ts';
import type { SplitRow } from '../dataset/split.ts';
import type { Recipe } from '../recipes/recipe.ts';
import {
  cellsOfSplit,
  checkParts,
  partsOf,
  patientsFromSplit,
  patientsInTwoParts,
  protocolOf,
  withPatients,
} from './parts.ts';

const cell = (name: string, label: Label): Cell => ({
  name,
  label,
  path: `data/${label}/${name}`,
  patient: 'P1',
  slide: '',
  read: async () => new Uint8Array(),
});
const row = (name: string, label: Label, part: SplitRow['part'], patient = 'P1'): SplitRow => ({
  name,
  label,
  part,
  patient,
});

const cells = [
  cell('a', 'parasitized'),
  cell('b', 'parasitized'),
  cell('a', 'uninfected'),
  cell('c', 'uninfected'),
];
const split = [
  row('a', 'uninfected', 'train'),
  row('b', 'parasitized', 'train'),
  row('c', 'uninfected', 'val'),
  row('a', 'parasitized', 'test'),
];
const published = new Map<string, Label>(cells.map(({ path, label }) => [path, label]));

test('cells are found by label and name, as names may occur under both labels', () => {
  expect(cellsOfSplit(cells, split).map(({ path }) => path)).toEqual([
    'data/uninfected/a',
    'data/parasitized/b',
    'data/uninfected/c',
    'data/parasitized/a',
  ]);
});

test('a line without its cell is named', () => {
  expect(() => cellsOfSplit(cells, [row('z', 'uninfected', 'train')])).toThrow(/uninfected\/z/);
});

describe('parts', () => {
  const own = cellsOfSplit(cells, split);

  test('are numbers of the lines; targets are 1 for parasitized', () => {
    const parts = partsOf(own, split, published, new Set());
    expect([...parts.train]).toEqual([0, 1]);
    expect([...parts.val]).toEqual([2]);
    expect([...parts.predicted]).toEqual([2, 3]);
    expect([...parts.targets]).toEqual([0, 1, 0, 1]);
  });

  test('leave out what cannot be read, everywhere', () => {
    const parts = partsOf(own, split, published, new Set(['data/uninfected/c', 'data/parasitized/b']));
    expect([...parts.train]).toEqual([0]);
    expect([...parts.predicted]).toEqual([3]);
  });

  test('train and validate on the label set; a cell it drops is still predicted', () => {
    const relabelled = new Map<string, Label>([...published, ['data/uninfected/a', 'parasitized']]);
    relabelled.delete('data/uninfected/c');
    const parts = partsOf(own, split, relabelled, new Set());
    expect(parts.targets[0]).toBe(1);
    expect([...parts.val]).toEqual([]);
    expect([...parts.predicted]).toEqual([2, 3]);
  });

  test('a part with one label only cannot be chosen on; with `last` it need not be', () => {
    const parts = partsOf(own, split, published, new Set());
    const recipe = (keep: Recipe['training']['keep']) => ({ training: { keep } }) as Recipe;
    expect(() => checkParts(recipe({ metric: 'rocAuc' }), parts)).toThrow(
      /part val needs cells of both labels/,
    );
    expect(() => checkParts(recipe('last'), parts)).not.toThrow();
  });
});

test('patients in two parts are found, unknown ones are not a patient', () => {
  const leaking = [row('a', 'uninfected', 'train', 'P1'), row('b', 'uninfected', 'test', 'P1')];
  expect(patientsInTwoParts(leaking)).toEqual(['P1']);
  expect(protocolOf(leaking)).toBe('patients in two parts (leaks)');
  expect(protocolOf([row('a', 'uninfected', 'train', 'P1'), row('b', 'uninfected', 'test', 'P2')])).toBe(
    'patient-disjoint',
  );
  const unknown = [row('a', 'uninfected', 'train', ''), row('b', 'uninfected', 'test', '')];
  expect(patientsInTwoParts(unknown)).toEqual([]);
  expect(protocolOf(unknown)).toBe('patients unknown');
});

describe('the patients of a split', () => {
  const known = [
    { ...cell('a', 'parasitized'), patient: 'P1' },
    { ...cell('b', 'parasitized'), patient: 'P1' },
    { ...cell('c', 'uninfected'), patient: '' },
  ];

  test('are those of the data: an empty column does not hide that one is in two parts', () => {
    const rows = withPatients(known, [
      row('a', 'parasitized', 'train', ''),
      row('b', 'parasitized', 'test', ''),
    ]);
    expect(rows.map(({ patient }) => patient)).toEqual(['P1', 'P1']);
    expect(protocolOf(rows)).toBe('patients in two parts (leaks)');
  });

  test('are their own where the data know none, or lack the cell', () => {
    const rows = [row('c', 'uninfected', 'train', 'P7'), row('gone', 'uninfected', 'train', 'P8')];
    expect(withPatients(known, rows)).toEqual(rows);
  });

  test('are those of the cells, too, where the data know none', () => {
    const rows = withPatients(known, [
      row('a', 'parasitized', 'train', ''),
      row('c', 'uninfected', 'train', 'P7'),
    ]);
    expect(patientsFromSplit(known, rows).map(({ patient }) => patient)).toEqual(['P1', 'P1', 'P7']);
  });

  test('which disagree with the data are refused, naming the cell and both: unique ids are not disjoint', () => {
    const unique = [row('a', 'parasitized', 'train', '1'), row('b', 'parasitized', 'test', '2')];
    expect(() => withPatients(known, unique)).toThrow(
      /the cell parasitized\/a the patient 1, but in the data it is one of P1\./,
    );
  });
});
