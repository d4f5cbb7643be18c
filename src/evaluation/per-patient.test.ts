import { expect, test } from 'vitest';
import { betweenPatients, patientTable } from './per-patient.ts';
import type { PredictionRow } from './prediction.ts';
import { ppvAtShares } from './prevalence.ts';

const cells = (patient: string, label: PredictionRow['label'], called: number, of: number): PredictionRow[] =>
  Array.from({ length: of }, (_, i) => ({
    name: `${patient}-${label}-${i}`,
    label,
    patient,
    part: 'test',
    probability: i < called ? 0.9 : 0.1,
  }));

test('a row a patient, in the order of their numbers; unknown patients are left out', () => {
  const rows = patientTable(
    [
      ...cells('P10', 'parasitized', 3, 4),
      ...cells('P2', 'parasitized', 1, 1),
      ...cells('P10', 'uninfected', 1, 2),
      ...cells('C1', 'uninfected', 0, 5),
      ...cells('', 'uninfected', 5, 5),
    ],
    0.5,
  );
  expect(rows).toEqual([
    {
      patient: 'C1',
      parasitized: 0,
      uninfected: 5,
      tp: 0,
      fn: 0,
      tn: 5,
      fp: 0,
      sensitivity: null,
      specificity: 1,
    },
    {
      patient: 'P2',
      parasitized: 1,
      uninfected: 0,
      tp: 1,
      fn: 0,
      tn: 0,
      fp: 0,
      sensitivity: 1,
      specificity: null,
    },
    {
      patient: 'P10',
      parasitized: 4,
      uninfected: 2,
      tp: 3,
      fn: 1,
      tn: 1,
      fp: 1,
      sensitivity: 0.75,
      specificity: 0.5,
    },
  ]);
});

test('spread over patients with ten cells or more, percentiles as numpy’s', () => {
  const rows = patientTable(
    [
      ...cells('P1', 'parasitized', 5, 10),
      ...cells('P2', 'parasitized', 8, 10),
      ...cells('P3', 'parasitized', 10, 10),
      ...cells('P4', 'parasitized', 0, 9),
    ],
    0.5,
  );
  expect(betweenPatients(rows)).toEqual({
    sensitivity: {
      patients: 3,
      percentile10: expect.closeTo(0.56, 12),
      median: 0.8,
      percentile90: expect.closeTo(0.96, 12),
      minimum: 0.5,
    },
    specificity: null,
  });
});

test('PPV by hand: of 1,000 cells one infected, found, and 999 with 2 % false calls', () => {
  const [low, , high] = ppvAtShares(1, 0.98);
  expect(low).toEqual({ infected: 0.001, ppv: expect.closeTo(1 / (1 + 19.98), 12) });
  expect(high.ppv).toBeCloseTo(40 / (40 + 19.2), 12);
  expect(ppvAtShares(0, 1).map(({ ppv }) => ppv)).toEqual([null, null, null]);
  expect(ppvAtShares(null, 1)[0].ppv).toBeNull();
});

test('of one patient, every percentile is that patient’s share', () => {
  const { sensitivity } = betweenPatients(patientTable(cells('P1', 'parasitized', 9, 12), 0.5));
  expect(sensitivity).toEqual({
    patients: 1,
    percentile10: 0.75,
    median: 0.75,
    percentile90: 0.75,
    minimum: 0.75,
  });
});
