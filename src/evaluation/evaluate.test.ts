import { expect, test } from 'vitest';
import { evaluatePart } from './evaluate.ts';
import type { PredictionRow } from './prediction.ts';
import { seedCounting } from './seed-counting.ts';

function predictions(part: string, scores: readonly [number, 0 | 1][]): PredictionRow[] {
  return scores.map(([probability, label], i) => ({
    name: `${part}-${i}.png`,
    label: label === 1 ? 'parasitized' : 'uninfected',
    patient: `P${i % 3}`,
    part,
    probability,
  }));
}

const test4 = predictions('test', [
  [0.9, 1],
  [0.3, 1],
  [0.6, 0],
  [0.1, 0],
  [0.2, 0],
]);
const val = predictions('val', [
  [0.25, 1],
  [0.7, 1],
  [0.1, 0],
  [0.2, 0],
]);
const protocol = {
  protocol: 'patient-disjoint',
  recipe: 'seed',
  labelSet: 'published',
  part: 'test',
} as const;

test('figures of the test part at 0.5, operating points chosen on the validation part', () => {
  const evaluation = evaluatePart([...test4, ...val], protocol, { threshold: 0.5, chosenOn: null });
  expect(evaluation).toMatchObject({
    ...protocol,
    cells: 5,
    patients: 3,
    positive: 'parasitized',
    threshold: 0.5,
    chosenOn: null,
    sensitivity: 0.5,
    specificity: 2 / 3,
    counts: { tp: 1, tn: 2, fp: 1, fn: 1 },
  });
  expect(
    evaluation.operatingPoints.map(({ name, threshold, chosenOn }) => [name, threshold, chosenOn]),
  ).toEqual([
    ['threshold 0.5', 0.5, null],
    ['Youden', 0.25, 'val'],
    ['specificity 0.973', 0.25, 'val'],
    ['sensitivity 0.95', 0.25, 'val'],
  ]);
  expect(evaluation.operatingPoints[1]).toMatchObject({ sensitivity: 1, specificity: 2 / 3 });
});

test('without a threshold given, figures at the one chosen on the validation part, and at 0.5 beside them', () => {
  const evaluation = evaluatePart([...test4, ...val], protocol);
  expect(evaluation).toMatchObject({
    threshold: 0.25,
    chosenOn: 'val, specificity 0.973',
    sensitivity: 1,
    counts: { tp: 2, tn: 2, fp: 1, fn: 0 },
  });
  expect(evaluation.operatingPoints[0]).toMatchObject({ threshold: 0.5, sensitivity: 0.5 });
});

test('nothing is chosen on the part that is evaluated', () => {
  expect(evaluatePart(test4, protocol).operatingPoints).toHaveLength(1);
  const evaluation = evaluatePart([...test4, ...val], { ...protocol, part: 'val' });
  expect(evaluation).toMatchObject({ threshold: 0.5, chosenOn: null });
  expect(evaluation.operatingPoints).toHaveLength(1);
});

test('cells of unknown patients count for no patient', () => {
  const unknown = test4.map((row, i) => ({ ...row, patient: i < 3 ? '' : row.patient }));
  expect(evaluatePart(unknown, protocol)).toMatchObject({ cells: 5, patients: 2 });
});

test('a threshold that was chosen before is used and said', () => {
  const evaluation = evaluatePart(test4, protocol, { threshold: 0.25, chosenOn: 'val' });
  expect(evaluation).toMatchObject({ threshold: 0.25, chosenOn: 'val', sensitivity: 1 });
});

test('the starting project counted uninfected cells as positive', () => {
  const evaluation = evaluatePart(test4, protocol);
  // 3 uninfected cells, 2 called so; 3 called uninfected, 2 of them rightly.
  expect(seedCounting(evaluation)).toEqual({
    positive: 'uninfected',
    rocAuc: evaluation.rocAuc,
    accuracy: 3 / 5,
    recall: 2 / 3,
    precision: 2 / 3,
  });
});

test('under other labels, too, what a model that abstains does not call is left out of `called`', () => {
  const reasons = [null, 'blurred', null, null, null];
  const own = test4.map((row, i) => ({ ...row, reason: reasons[i] }));
  // The second cell, not called, is under the other labels the only mistake.
  const relabelled = own.map((row, i) => ({ ...row, label: i === 2 ? ('parasitized' as const) : row.label }));
  const { indeterminate, labelSets } = evaluatePart(
    own,
    protocol,
    { threshold: 0.5, chosenOn: null },
    { labelSets: { relabelled } },
  );
  expect(indeterminate).toMatchObject({ cells: 1, share: 1 / 5, called: { accuracy: 3 / 4 } });
  expect(labelSets?.relabelled).toMatchObject({
    accuracy: 4 / 5,
    indeterminate: { cells: 1, called: { accuracy: 1 } },
  });
});
