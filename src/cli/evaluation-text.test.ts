import { expect, test } from 'vitest';
import { evaluatePart, LEAKS } from '../evaluation/evaluate.ts';
import type { PredictionRow } from '../evaluation/prediction.ts';
import { EVALUATION_COLUMNS, evaluationRows, evaluationText } from './evaluation-text.ts';

const predictions: PredictionRow[] = [0.9, 0.3, 0.6, 0.1, 0.2].map((probability, i) => ({
  name: `${i}.png`,
  label: i < 2 ? 'parasitized' : 'uninfected',
  patient: `P${i % 3}`,
  part: 'test',
  probability,
}));
const of = (recipe: string, chosen?: { threshold: number; chosenOn: string }) =>
  evaluatePart(
    predictions,
    { protocol: 'patient-disjoint', recipe, labelSet: 'published', part: 'test' },
    chosen,
  );

test('says what the figures are of, and which class is positive', () => {
  const text = evaluationText(of('default'));
  expect(text).toContain('test: 5 cells of 3 patients, published labels');
  expect(text).toContain('protocol: patient-disjoint; positive: parasitized');
  expect(text).toMatch(/ROC AUC +0\.8333/);
  expect(text).toContain('Intervals: too few patients; do not rely on them.');
});

test('fits into 80 columns', () => {
  const labelSets = { relabelled: predictions, dropped: predictions };
  const folds = predictions.map((row) => ({ ...row, fold: row.patient }));
  const protocol = { protocol: LEAKS, recipe: null, labelSet: 'published', part: 'test' } as const;
  const text = evaluationText(evaluatePart(folds, protocol, undefined, { labelSets }));
  expect(text).toContain('over cells (too narrow)');
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('beside ours stands the starting project’s way of counting', () => {
  expect(evaluationText(of('seed', { threshold: 0.25, chosenOn: 'val' }))).toContain(
    'As the starting project counted (positive: uninfected, threshold 0.5):\n  ROC AUC 0.8333, recall 0.6667, precision 0.6667, accuracy 0.6000',
  );
});

test('one row an operating point, that of the model first', () => {
  const rows = evaluationRows(of('default', { threshold: 0.25, chosenOn: 'val, specificity 0.973' }));
  expect(rows.map(({ operatingPoint, threshold, tp }) => [operatingPoint, threshold, tp])).toEqual([
    ['the model’s', 0.25, 2],
    ['threshold 0.5', 0.5, 1],
  ]);
  expect(Object.keys(rows[0]).sort()).toEqual([...EVALUATION_COLUMNS].sort());
});
