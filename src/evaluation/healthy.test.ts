import { expect, test } from 'vitest';
import { evaluatePart } from './evaluate.ts';
import { falseCalls } from './false-calls.ts';
import { healthyCurve, healthyFigures, sharesAt } from './healthy.ts';
import type { PredictionRow } from './prediction.ts';
import { unitsOf } from './units.ts';

const cells = (patient: string, label: PredictionRow['label'], probabilities: readonly number[]) =>
  probabilities.map((probability, i) => ({
    ...{ name: `${patient}-${i}.png`, label, patient, part: 'test', probability },
  }));

const healthy = new Set(['C1', 'C2']);
/** At .8, .6, .4 and .2 one parasitized cell more is found. Of ten cells of healthy patients, one is above .7, three are above .3. */
const predictions = [
  ...cells('P1', 'parasitized', [0.8, 0.6, 0.4, 0.2]),
  // An infected patient's uninfected cell counts for nothing here.
  ...cells('P1', 'uninfected', [0.95]),
  ...cells('C1', 'uninfected', [0.7, 0.5, 0.1, 0.1, 0.1]),
  ...cells('C2', 'uninfected', [0.4, 0.1, 0.1, 0.1, 0.1]),
];

test('false calls at the highest threshold that finds a share of the parasitized cells, by hand', () => {
  const curve = healthyCurve(predictions, healthy, [0.25, 0.5, 0.75, 1]);
  expect(curve.map(({ sensitivity, threshold, per1000 }) => [sensitivity, threshold, per1000])).toEqual([
    [0.25, 0.8, 0],
    [0.5, 0.6, 100],
    [0.75, 0.4, 300],
    [1, 0.2, 300],
  ]);
  // None of ten: Clopper and Pearson's upper bounds are 1 - .025^(1/10) and, one-sided, 1 - .05^(1/10).
  expect(curve[0].interval[1]).toBeCloseTo(1000 * (1 - 0.025 ** 0.1), 6);
  expect(curve[0].upperPerMicrolitre).toBeCloseTo(5_000_000 * (1 - 0.05 ** 0.1), 3);
  expect(curve[2].perMicrolitre).toBe(1_500_000);
});

test('each resample has the threshold that finds the share of its own parasitized cells, by hand', () => {
  // C1, C2, P1, P2. With P2 half of the eight is found at .5, where two of ten are called; without it at .6, where one is.
  const two = [...predictions, ...cells('P2', 'parasitized', [0.5, 0.5, 0.5, 0.5])];
  const shares = sharesAt(unitsOf(two, healthy), [1, 0.5]);
  expect(shares(Float64Array.of(1, 1, 1, 1))).toEqual([0.3, 0.2]);
  expect(shares(Float64Array.of(1, 1, 1, 0))).toEqual([0.3, 0.1]);
  expect(shares(Float64Array.of(2, 0, 1, 1))).toEqual([0.4, 0.4]);
  expect(shares(Float64Array.of(1, 1, 0, 0))).toEqual([Number.NaN, Number.NaN]);
});

test('an interval has what the threshold owes to the patients: it is wider than with the threshold held', () => {
  const infected = [0.95, 0.9, 0.6, 0.2].flatMap((least, i) =>
    cells(
      `P${i}`,
      'parasitized',
      Array.from({ length: 30 }, (_, k) => least + (0.99 - least) * (k / 30)),
    ),
  );
  const blood = Array.from({ length: 12 }, (_, i) =>
    cells(
      `C${i}`,
      'uninfected',
      Array.from({ length: 50 }, (_, k) => k / 50),
    ),
  ).flat();
  const patients = new Set(blood.map(({ patient }) => patient));
  const all = [...infected, ...blood];
  const [{ threshold, per1000, interval }] = healthyCurve(all, patients, [0.9]);
  const [held] = falseCalls(all, patients, [({ probability }) => probability >= threshold]);
  expect(held.per1000).toBe(per1000);
  expect(interval[0]).toBeLessThan(held.interval[0]);
  expect(interval[1]).toBeGreaterThan(held.interval[1]);
});

test('the order of the cells changes nothing', () => {
  const turned = [...predictions].reverse();
  expect(healthyCurve(turned, healthy, [0.5, 0.75])).toEqual(healthyCurve(predictions, healthy, [0.5, 0.75]));
});

test('no healthy patients, no figures; no parasitized cells, no curve', () => {
  expect(healthyFigures(predictions, new Set(), 0.5, null)).toBeNull();
  expect(healthyCurve(predictions, new Set(), [0.5])).toEqual([]);
  expect(healthyCurve(cells('C1', 'uninfected', [0.5]), healthy, [0.5])).toEqual([]);
});

test('intervals are those of the figures at the threshold, whatever the seed', () => {
  const calls = [3, 0, 1, 7, 2, 0];
  const many = [
    ...cells('P1', 'parasitized', [0.9, 0.8, 0.3]),
    ...cells('P2', 'parasitized', [0.9, 0.2]),
    ...calls.flatMap((called, i) =>
      cells(
        `C${i}`,
        'uninfected',
        Array.from({ length: 20 }, (_, k) => (k < called ? 0.7 : 0.1)),
      ),
    ),
  ];
  const patients = new Set(calls.map((_, i) => `C${i}`));
  for (const seed of [1, 2]) {
    const [own] = falseCalls(many, patients, [({ probability }) => probability >= 0.5], { seed });
    const protocol = { protocol: 'by patient', recipe: null, labelSet: 'published', part: 'test' } as const;
    const { healthy: figures } = evaluatePart(many, protocol, undefined, { seed });
    expect(figures).toMatchObject({ ...own });
    expect(own).toMatchObject({ cells: 120, falseCalls: 13 });
  }
});
