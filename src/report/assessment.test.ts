import { expect, test } from 'vitest';
import { type Evaluation, evaluatePart, LEAKS, type PredictionRow } from '../evaluation/evaluate.ts';
import { assessment } from './assessment.ts';

/** Infected patients of four cells, and healthy ones of two; one infected cell in four is missed. */
function evaluation({
  protocol = 'patient-disjoint',
  infected = 10,
  healthy = 5,
  part = 'test',
} = {}): Evaluation {
  const cell = (
    patient: string,
    i: number,
    label: PredictionRow['label'],
    probability: number,
  ): PredictionRow => ({
    ...{ name: `${patient}-${i}`, patient, label, probability, part },
  });
  const rows = [
    ...Array.from({ length: infected }, (_, i) => [
      cell(`P${i}`, 0, 'parasitized', 0.9 - i / 1000),
      cell(`P${i}`, 1, 'parasitized', i % 2 ? 0.8 : 0.2),
      cell(`P${i}`, 2, 'uninfected', 0.1),
      cell(`P${i}`, 3, 'uninfected', 0.3),
    ]),
    ...Array.from({ length: healthy }, (_, i) => [
      cell(`C${i}`, 0, 'uninfected', i === 0 ? 0.7 : 0.1),
      cell(`C${i}`, 1, 'uninfected', 0.05),
    ]),
  ].flat();
  const chosen = { threshold: 0.5, chosenOn: null };
  return evaluatePart(rows, { protocol, recipe: 'small', labelSet: 'published', part }, chosen, {
    resamples: 200,
  });
}

test('the first sentence says whether patients are new to the model', () => {
  const first = (options: Parameters<typeof evaluation>[0]) => assessment(evaluation(options))[0];
  expect(first({})).toContain('No patient in these figures was seen in training');
  expect(first({ protocol: 'patient-disjoint, 5 folds' })).toContain('No patient in these figures was seen');
  expect(first({ protocol: LEAKS })).toContain('This split leaks');
  expect(first({ protocol: 'patients unknown' })).toContain('It is not known');
  expect(first({ part: 'val' })).toContain('the part that the epoch was chosen on');
});

test('the second says how sure the ROC AUC is', () => {
  expect(assessment(evaluation())[1]).toContain('too few patients: 50 cells of 15 patients');
  expect(assessment(evaluation({ infected: 40 }))[1]).toContain('may be chance');
  const guessing = { ...evaluation(), rocAuc: 0.52, intervals: { rocAuc: [0.4, 0.64] as const } };
  expect(assessment(guessing)[1]).toContain('cannot be told from guessing');
  expect(assessment({ ...evaluation(), rocAuc: null })[1]).toContain('All cells have one label');
  expect(assessment({ ...evaluation(), patients: 0 })[1]).toContain('is not known');
});

test('the third says what a slide without parasites would read as', () => {
  // One false call in ten cells, at five million red cells a microlitre.
  expect(assessment(evaluation())[2]).toMatch(
    /misses 25\.0 % of the parasitized cells, and calls 1 of 10 cells of 5 healthy patients parasitized: .* would read as 500,000 a microlitre/,
  );
  expect(assessment(evaluation({ healthy: 0 }))[2]).toContain('without healthy patients in this part');
});

test('a cell whose patient is unknown: the interval is over cells, which is not to say that patients are few', () => {
  const rows = Array.from(
    { length: 400 },
    (_, i): PredictionRow => ({
      ...{ name: `${i}`, patient: i === 0 ? '' : `P${i % 100}`, part: 'test' },
      ...(i % 2 === 0
        ? { label: 'parasitized', probability: i % 20 === 0 ? 0.1 : 0.9 }
        : { label: 'uninfected', probability: 0.2 }),
    }),
  );
  const of = evaluatePart(
    rows,
    { protocol: 'patient-disjoint', recipe: 'small', labelSet: 'published', part: 'test' },
    { threshold: 0.5, chosenOn: null },
    { resamples: 200 },
  );
  const [, certainty] = assessment(of);
  expect(of.intervalMethod.unit).toBe('cell');
  expect(certainty).toContain('of some cells the patient is not known');
  expect(certainty).not.toContain('too few patients');
});
