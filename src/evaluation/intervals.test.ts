import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resampleWeights } from './bootstrap.ts';
import { binomialInterval, effectiveUnits, shareInterval } from './interval.ts';
import { intervalsOf } from './intervals.ts';
import { evaluate } from './metrics.ts';
import { healthyPatients, labelNumber, type PredictionRow } from './prediction.ts';
import { unitsOf } from './units.ts';
import { weightedFigures } from './weighted-figures.ts';

const row = fc.record({
  label: fc.constantFrom('parasitized' as const, 'uninfected' as const),
  patient: fc.integer({ min: 1, max: 6 }).map((i) => `P${i}`),
  probability: fc.integer({ min: 0, max: 15 }).map((i) => i / 15),
});
const rows = fc
  .array(row, { minLength: 1, maxLength: 40 })
  .map((list) => list.map((cell, i): PredictionRow => ({ ...cell, name: `${i}.png`, part: 'test' })));
const threshold = 0.4;

function figures(predictions: readonly PredictionRow[]) {
  return evaluate(
    predictions.map(({ probability }) => probability),
    predictions.map(labelNumber),
    threshold,
  );
}

describe('figures of a resample', () => {
  test('are those of the cells written out as often as their patient was drawn', () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
        (cells, w) => {
          const units = unitsOf(cells, healthyPatients(cells));
          const weights = Float64Array.from(units.names, (name) => w[Number(name.slice(1)) - 1]);
          const repeated = cells.flatMap((cell) =>
            Array<PredictionRow>(w[Number(cell.patient.slice(1)) - 1]).fill(cell),
          );
          const { counts: _counts, ...expected } = figures(repeated);
          const got = weightedFigures(units, threshold)(weights);
          for (const [name, value] of Object.entries(expected)) {
            const figure = got[name as keyof typeof expected];
            if (value === null) expect(figure, name).toBeNaN();
            else expect(figure, name).toBeCloseTo(value, 12);
          }
        },
      ),
    );
  });

  test('false calls of healthy patients are those of patients without a parasitized cell', () => {
    const cells = (
      [
        ['parasitized', 'P1', 0.9],
        ['uninfected', 'P1', 0.9],
        ['uninfected', 'C1', 0.9],
        ['uninfected', 'C1', 0.1],
        ['uninfected', 'C2', 0.1],
      ] as const
    ).map(([label, patient, probability], i) => ({
      name: `${i}`,
      label,
      patient,
      part: 'test',
      probability,
    }));
    const units = unitsOf(cells, healthyPatients(cells));
    expect(weightedFigures(units, 0.5)(Float64Array.of(1, 1, 1)).healthyRate).toBe(1 / 3);
    expect(units.names).toEqual(['C1', 'C2', 'P1']);
    expect(weightedFigures(units, 0.5)(Float64Array.of(2, 1, 0)).healthyRate).toBe(2 / 5);
  });
});

test('as many infected and as many healthy patients as there are, the same for the same seed', () => {
  const units = { count: 5, strata: [Uint32Array.of(0, 2, 4), Uint32Array.of(1, 3)] };
  const draw = (seed: number) =>
    Array.from(resampleWeights(units, { resamples: 50, seed }), (weights) => [...weights]);
  for (const [a, b, c, d, e] of draw(1)) expect([a + c + e, b + d]).toEqual([3, 2]);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

describe('interval of a share', () => {
  test('where nothing was seen: Clopper and Pearson; not one in 3,415 still allows 4,400 in 5 million', () => {
    const none = { estimate: 0, resampled: [0, 0], leftOut: [[0, 0]], cells: 3415 };
    expect(shareInterval(none)).toEqual([0, expect.closeTo(1 - 0.025 ** (1 / 3415), 9)]);
    const [, upper] = shareInterval(none, 0.9) ?? [];
    expect(Math.round((5e6 * (upper ?? 0)) / 100) * 100).toBe(4400);
    expect(shareInterval({ ...none, estimate: 1 })).toEqual([expect.closeTo(0.025 ** (1 / 3415), 9), 1]);
  });

  test('Clopper and Pearson of 4 of 20, as in R’s binom.test', () => {
    const [low, high] = binomialInterval(4, 20);
    expect(low).toBeCloseTo(0.057334, 6);
    expect(high).toBeCloseTo(0.4366141, 6);
  });

  test('by hand: logit 0, standard error 1, two effective patients, t = 4.302653', () => {
    const at = (z: number) => 1 / (1 + Math.exp(-z));
    const [low, high] =
      shareInterval({
        estimate: 0.5,
        resampled: [at(-1), at(0), at(1)],
        leftOut: [[0.4, 0.6, 0.5, 0.5]],
        cells: 1000,
      }) ?? [];
    expect(low).toBeCloseTo(at(-4.30265273), 8);
    expect(high).toBeCloseTo(at(4.30265273), 8);
  });

  test('by hand, of a share of 0 and of 1 where resamples have others: about half a cell, t = 4.302653', () => {
    // Logits of 0 (a quarter of a cell) and .1: -4.36945 and -2.19722, standard deviation 1.53599; of half a cell, -3.66356.
    const none = { estimate: 0, resampled: [0, 0.1], leftOut: [[0, 0.1]], cells: 20 };
    const [low, high] = shareInterval(none) ?? [];
    expect(low).toBe(0);
    expect(high).toBeCloseTo(1 / (1 + Math.exp(3.66356 - 4.302653 * 1.53599)), 4);
    const all = { estimate: 1, resampled: [1, 0.9], leftOut: [[1, 0.9]], cells: 20 };
    const [from, to] = shareInterval(all) ?? [];
    expect(from).toBeCloseTo(1 - (high as number), 6);
    expect(to).toBe(1);
    // No less than what independent cells leave open.
    expect(shareInterval({ ...none, resampled: [0, 0.001], leftOut: [[0, 0.001]] })).toEqual(
      binomialInterval(0, 20),
    );
  });

  test('no spread, no interval', () => {
    expect(
      shareInterval({ estimate: 0.5, resampled: [0.5, 0.5], leftOut: [[0.5]], cells: 9 }),
    ).toBeUndefined();
    expect(
      shareInterval({ estimate: Number.NaN, resampled: [0.5, 0.6], leftOut: [[0.5]], cells: 9 }),
    ).toBeUndefined();
  });

  test('as many effective patients as there are where all matter alike, few where one decides', () => {
    expect(effectiveUnits([[1, -1, 1, -1, 1, -1]])).toBeCloseTo(6, 12);
    expect(effectiveUnits([[0, 0, 0, 0, 0, 0, 0, 0, 9]])).toBe(2);
  });
});

describe('intervals of predictions', () => {
  const cells = Array.from({ length: 300 }, (_, i): PredictionRow => {
    const patient = i % 15;
    const parasitized = patient < 10 && i % 2 === 0;
    const shift = (parasitized ? 0.3 : -0.3) + 0.03 * (patient % 5);
    const probability = Math.min(1, Math.max(0, 0.5 + shift * 0.8 + ((i * 37) % 60) / 100 - 0.3));
    return {
      name: `${i}.png`,
      label: parasitized ? 'parasitized' : 'uninfected',
      patient: `${patient < 10 ? 'P' : 'C'}${patient}`,
      part: 'test',
      probability,
    };
  });

  test('hold their figures; the same seed gives the same, whatever the order of the rows', () => {
    const units = unitsOf(cells, healthyPatients(cells));
    const { intervals, healthyRate } = intervalsOf(units, 0.5, { resamples: 200 });
    const all = weightedFigures(units, 0.5)(new Float64Array(units.count).fill(1));
    expect(Object.keys(intervals)).toHaveLength(12);
    for (const [name, interval] of Object.entries(intervals)) {
      const value = all[name as keyof typeof all];
      expect(interval[0], name).toBeLessThan(value);
      expect(interval[1], name).toBeGreaterThan(value);
    }
    expect(healthyRate?.upper).toBeLessThan(healthyRate?.interval[1] ?? 0);
    const turned = unitsOf([...cells].reverse(), healthyPatients(cells));
    expect(intervalsOf(turned, 0.5, { resamples: 200 }).intervals.rocAuc).toEqual(intervals.rocAuc);
  });

  test('a single label, or one patient, has the intervals that can be told', () => {
    const healthy = cells.filter(({ patient }) => patient.startsWith('C'));
    const { intervals } = intervalsOf(unitsOf(healthy, healthyPatients(healthy)), 0.5, { resamples: 100 });
    expect(intervals.specificity).toBeDefined();
    expect(intervals.rocAuc).toBeUndefined();
    const one = cells.slice(0, 9).map((cell, i) => ({ ...cell, patient: 'P1', probability: (i % 3) / 2 }));
    expect(intervalsOf(unitsOf(one, new Set()), 0.5, { resamples: 100 }).intervals).toEqual({});
  });

  test('a patient’s cells all shifted alike: over patients the interval is wider than over cells', () => {
    const alike = cells.map((cell) => ({
      ...cell,
      probability: cell.patient.endsWith('3') ? 1 : cell.probability,
    }));
    const healthy = healthyPatients(alike);
    const width = (unit: 'patient' | 'cell') => {
      const { specificity } = intervalsOf(unitsOf(alike, healthy, unit), 0.5, { resamples: 300 }).intervals;
      return (specificity?.[1] ?? 0) - (specificity?.[0] ?? 0);
    };
    expect(width('patient')).toBeGreaterThan(1.5 * width('cell'));
  });
});
