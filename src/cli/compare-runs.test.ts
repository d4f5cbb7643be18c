import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeReal, realData } from '../../test/support/real-data.ts';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { compareRuns } from './compare-runs.ts';
import { comparisonRows, comparisonText } from './comparison-text.ts';

const folder = temporaryFolder();

/** A prediction file of 24 patients, eight of them healthy, ten cells each; `wrong` says which cells are judged wrongly. */
function file(
  name: string,
  wrong: (cell: number) => boolean,
  cells = Array.from({ length: 240 }, (_, i) => i),
): string {
  const path = join(folder, name);
  const lines = cells.map((i) => {
    const patient = i % 24;
    const parasitized = patient < 16 && Math.floor(i / 24) % 2 === 0;
    const score = 0.05 + ((i * 13) % 40) / 100;
    const probability = parasitized !== wrong(i) ? 1 - score : score;
    return `${i}.png,${parasitized ? 'parasitized' : 'uninfected'},${patient < 16 ? 'P' : 'C'}${patient},test,${probability}`;
  });
  writeFileSync(path, `name,label,patient,part,probability\n${lines.join('\n')}\n`);
  return path;
}

test('the same predictions differ by nothing, without an interval', async () => {
  const a = file('a.csv', (i) => i % 17 === 0);
  const { pairs } = await compareRuns([a, a], { seed: 1 });
  expect(pairs[0]).toMatchObject({
    matched: 240,
    onlyA: 0,
    onlyB: 0,
    paired: true,
    unit: 'patient',
    cautions: [],
  });
  expect(pairs[0].differences.accuracy).toMatchObject({ difference: 0, interval: null });
});

test('paired differences by hand; mistakes that both make do not blur them', async () => {
  const hard = (i: number) => (i % 24) % 5 === 0 && i % 2 === 0;
  const a = file('a.csv', hard);
  const b = file('b.csv', (i) => hard(i) || i % 25 === 1);
  const { runs, pairs } = await compareRuns([a, b], { seed: 1 });
  const { difference, interval } = pairs[0].differences.accuracy ?? {};
  // b's own mistakes: 1, 26, 51, ... 226 are of patients 1 to 10, one each; patient 10 is a hard one, and 226 even.
  expect(difference).toBeCloseTo(-9 / 240, 12);
  const [low, high] = interval ?? [0, 0];
  expect(low).toBeLessThan(-9 / 240);
  expect(high).toBeGreaterThan(-9 / 240);
  const own = runs[0].evaluation.intervals.accuracy ?? [0, 0];
  expect(high - low).toBeLessThan(own[1] - own[0]);
});

test('a cell that is of two patients is refused; one whose patient only one side knows is of that one', async () => {
  const a = file('a.csv', (i) => i % 25 === 1);
  const b = file('b.csv', (i) => i % 17 === 0);
  const { pairs } = await compareRuns([a, b], { seed: 1 });
  const rows = readFileSync(b, 'utf8');
  const renamed = join(folder, 'renamed.csv');
  writeFileSync(renamed, rows.replace(/,P3,/g, ',P03,'));
  await expect(compareRuns([a, renamed], { seed: 1 })).rejects.toThrow(
    'the cell "3.png" is of patient "P3" in the first and of "P03" in the second',
  );
  const unknown = join(folder, 'unknown.csv');
  writeFileSync(unknown, rows.replace(/,[PC]\d+,/g, ',,'));
  const { pairs: same } = await compareRuns([a, unknown], { seed: 1 });
  expect(same[0].unit).toBe('patient');
  expect(same[0].differences.accuracy).toEqual(pairs[0].differences.accuracy);
  expect(same[0].cautions).toEqual([]);
});

test('with a second opinion, differences under its labels too', async () => {
  const a = file('a.csv', (i) => i % 25 === 1);
  const b = file('b.csv', () => false);
  // Cells 26 and 76 are of infected patients; relabelled, the first file has them right and the second wrong.
  const review = join(folder, 'review.csv');
  const rows = Array.from({ length: 240 }, (_, i) => {
    const parasitized = i % 24 < 16 && Math.floor(i / 24) % 2 === 0;
    return `${i}.png,${parasitized ? 'parasitized' : 'uninfected'},${i === 26 || i === 76 ? 'disagrees' : 'agrees'}`;
  });
  writeFileSync(review, `name,label,review\n${rows.join('\n')}\n`);
  const comparison = await compareRuns([a, b], { seed: 1, review });
  const { differences, labelSets } = comparison.pairs[0];
  // Of 240 cells the first file has ten wrong as published, eight relabelled; the second none and two.
  expect(differences.accuracy?.difference).toBeCloseTo(10 / 240, 12);
  expect(labelSets?.relabelled.accuracy?.difference).toBeCloseTo(6 / 240, 12);
  expect(labelSets?.dropped.accuracy?.difference).toBeCloseTo(8 / 238, 12);
  expect(comparisonText(comparison)).toMatch(/^relabelled +points +95 % +note\nROC AUC/m);
  const row = comparisonRows(comparison).findLast(
    ({ labelSet, figure }) => labelSet === 'dropped' && figure === 'accuracy',
  );
  expect(row?.['difference']).toBeCloseTo(8 / 238, 12);
});

describe('says what does not match', () => {
  test('cells in one only: differences are of those in both', async () => {
    const a = file('a.csv', (i) => i % 9 === 0);
    const half = Array.from({ length: 200 }, (_, i) => i + 40);
    const b = file('b.csv', (i) => i % 8 === 0, half);
    const { pairs } = await compareRuns([a, b], { seed: 1 });
    expect(pairs[0]).toMatchObject({ matched: 200, onlyA: 40, onlyB: 0, paired: true });
    expect(pairs[0].cautions[0]).toContain(
      '200 cells are in both, 40 only in the first, 0 only in the second',
    );
  });

  test('hardly a cell in common: each on its own, and the interval is over the patients of both', async () => {
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => i + from);
    const a = file('a.csv', (i) => i % 9 === 0, range(0, 130));
    const b = file('b.csv', (i) => i % 8 === 0, range(110, 240));
    const { runs, pairs } = await compareRuns([a, b], { seed: 1 });
    expect(pairs[0]).toMatchObject({ matched: 20, paired: false });
    const { accuracy } = pairs[0].differences;
    expect(accuracy?.a).toBe(runs[0].evaluation.accuracy);
    expect(accuracy?.b).toBe(runs[1].evaluation.accuracy);
    expect(comparisonText({ runs, pairs })).toContain('2 less 1, each on its own cells, in points');
  });

  test('protocols that differ, runs that are none', async () => {
    const run = join(folder, 'run');
    mkdirSync(run, { recursive: true });
    await expect(compareRuns([run, run], { seed: 1 })).rejects.toThrow('has no predictions.csv');
    const a = file('a.csv', (i) => i % 9 === 0);
    const folds = join(folder, 'folds.csv');
    writeFileSync(
      folds,
      'name,label,patient,fold,probability\n0.png,parasitized,P0,0,0.9\n1.png,parasitized,P1,1,0.8\n2.png,parasitized,P2,1,0.1\n',
    );
    const { pairs } = await compareRuns([a, folds], { seed: 1 });
    expect(pairs[0].cautions).toContain('protocol: not stated against patient-disjoint folds');
    expect(pairs[0].cautions).toContain('part: test against out-of-fold');
  });
});

test('a row a run and figure; differences stand with all but the first', async () => {
  const a = file('a.csv', (i) => i % 9 === 0);
  const b = file('b.csv', (i) => i % 5 === 0);
  const rows = comparisonRows(await compareRuns([a, b], { seed: 1 }));
  expect(rows.filter(({ figure }) => figure === 'rocAuc').map(({ difference }) => typeof difference)).toEqual(
    ['undefined', 'number'],
  );
});

describeReal('sixteen features, trained on published and on relabelled labels', () => {
  test('figures of the table: ROC AUC, accuracy at 0.5 and MCC under three label sets', async () => {
    const paths = ['published', 'relabelled'].map((name) => realData(`nih-meta/baseline-${name}.csv`));
    const { runs, pairs } = await compareRuns(paths, { seed: 1, review: realData('nih-meta/cells.csv') });
    const table = runs.map(({ evaluation }) =>
      [evaluation, evaluation.labelSets?.relabelled, evaluation.labelSets?.dropped].map((figures) => [
        figures?.rocAuc?.toFixed(4),
        figures?.accuracy?.toFixed(4),
        figures?.mcc?.toFixed(3),
      ]),
    );
    expect(table).toEqual([
      [
        ['0.9872', '0.9601', '0.921'],
        ['0.9949', '0.9705', '0.941'],
        ['0.9992', '0.9900', '0.980'],
      ],
      [
        ['0.9824', '0.9533', '0.907'],
        ['0.9977', '0.9788', '0.958'],
        ['0.9995', '0.9916', '0.983'],
      ],
    ]);
    expect(runs[0].evaluation.folds?.map(({ rocAuc }) => rocAuc?.toFixed(3))).toEqual([
      '0.990',
      '0.988',
      '0.991',
      '0.982',
      '0.986',
    ]);
    expect(pairs[0]).toMatchObject({ matched: 27558, onlyA: 0, onlyB: 0, cautions: [] });
    const { difference, interval } = pairs[0].differences.rocAuc ?? {};
    expect(difference).toBeCloseTo(0.9824 - 0.9872, 3);
    expect(interval?.[1]).toBeLessThan(0);
  });
});
