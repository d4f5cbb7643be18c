import { expect, test } from 'vitest';
import { indeterminateFigures } from './indeterminate.ts';
import type { PredictionRow } from './prediction.ts';

const cell = (
  label: PredictionRow['label'],
  probability: number,
  reason?: string | null,
  patient = '',
): PredictionRow => ({
  name: 'a.png',
  label,
  patient,
  part: 'test',
  probability,
  ...(reason === undefined ? {} : { reason }),
});

test('share, reasons and the figures of what is called', () => {
  const predictions = [
    cell('parasitized', 0.9, null),
    cell('parasitized', 0.1, 'blurred'),
    cell('parasitized', 0.2, null),
    cell('uninfected', 0.6, 'too near to the threshold to call'),
    cell('uninfected', 0.55, 'too near to the threshold to call'),
    cell('uninfected', 0.1, null),
  ];
  const figures = indeterminateFigures(predictions, 0.5, new Set());
  expect(figures).toEqual({
    cells: 3,
    share: 0.5,
    reasons: { 'too near to the threshold to call': 2, blurred: 1 },
    called: { sensitivity: 0.5, specificity: 1, accuracy: 2 / 3, mcc: expect.closeTo(0.5, 9) },
    healthy: null,
  });
  expect(Object.keys(figures?.reasons ?? {})[0]).toBe('too near to the threshold to call');
});

test('none of a model that calls every cell; nothing called is no figure', () => {
  expect(indeterminateFigures([cell('uninfected', 0.1)], 0.5, new Set())).toBeUndefined();
  expect(indeterminateFigures([cell('uninfected', 0.1, 'no cell')], 0.5, new Set())).toMatchObject({
    share: 1,
    called: null,
  });
});

test('on healthy blood only what is called counts, of all cells', () => {
  const predictions = [
    ...[0.9, 0.1, 0.2, 0.1].map((probability) => cell('uninfected', probability, null, 'C1')),
    cell('uninfected', 0.9, 'blurred', 'C1'),
    ...[0.7, 0.1, 0.2, 0.1, 0.1].map((probability) => cell('uninfected', probability, null, 'C2')),
    cell('uninfected', 0.9, null, 'P1'),
  ];
  expect(indeterminateFigures(predictions, 0.5, new Set(['C1', 'C2']))?.healthy).toMatchObject({
    ...{ cells: 10, falseCalls: 2, per1000: 200, perMicrolitre: 1_000_000 },
  });
});
