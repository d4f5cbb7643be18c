import { expect, test } from 'vitest';
import { curveBands } from './curve-bands.ts';
import type { PredictionRow } from './prediction.ts';
import { unitsOf } from './units.ts';

/** Cells as `label:probability`, by patient. */
function predictions(byPatient: Readonly<Record<string, readonly string[]>>): PredictionRow[] {
  return Object.entries(byPatient).flatMap(([patient, cells]) =>
    cells.map((cell, i) => {
      const [label, probability] = cell.split(':');
      return {
        name: `${patient}-${i}`,
        label: label === '+' ? 'parasitized' : 'uninfected',
        patient,
        part: 'test',
        probability: Number(probability),
      } as const;
    }),
  );
}

const unitsFor = (rows: PredictionRow[]) => unitsOf(rows, new Set());

test('one patient: every resample is the sample, and the bands are its curves', () => {
  // Ranked + - + -: the ROC curve goes (0, .5), (.5, .5), (.5, 1), (1, 1); PPV is 1 up to half, then 2/3.
  const { roc, pr } = curveBands(unitsFor(predictions({ P1: ['+:.9', '-:.8', '+:.7', '-:.1'] })), {
    resamples: 20,
  });
  const at = (bands: typeof roc, x: number) => bands.find((band) => Math.abs(band.x - x) < 1e-12);
  expect(at(roc, 0)).toEqual({ x: 0, low: 0.5, high: 0.5 });
  expect(at(roc, 0.4)).toEqual({ x: 0.4, low: 0.5, high: 0.5 });
  expect(at(roc, 0.5)).toEqual({ x: 0.5, low: 1, high: 1 });
  expect(at(pr, 0.5)).toEqual({ x: 0.5, low: 1, high: 1 });
  expect(at(pr, 0.6)?.low).toBeCloseTo(2 / 3, 12);
});

test('patients that differ make a band; the same seed the same one', () => {
  const units = unitsFor(
    predictions({ P1: ['+:.9', '-:.1'], P2: ['+:.2', '-:.8'], P3: ['+:.6', '-:.4'], P4: ['+:.3', '-:.5'] }),
  );
  const bands = curveBands(units, { resamples: 200 });
  expect(bands).toEqual(curveBands(units, { resamples: 200 }));
  const wide = bands.roc.find(({ x }) => x === 0.1);
  expect((wide?.high ?? 0) - (wide?.low ?? 0)).toBeGreaterThan(0.2);
  for (const { low, high } of [...bands.roc, ...bands.pr]) expect(low).toBeLessThanOrEqual(high);
  for (const band of [bands.roc, bands.pr]) {
    expect(band.map(({ x }) => x)).toEqual(band.map(({ x }) => x).toSorted((a, b) => a - b));
  }
});

test('cells of one label have no bands', () => {
  expect(curveBands(unitsFor(predictions({ P1: ['+:.9'], P2: ['+:.8'] })), { resamples: 5 })).toEqual({
    roc: [],
    pr: [],
  });
});
