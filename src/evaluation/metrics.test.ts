import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Calibration, calibration, equalMassError } from './calibration.ts';
import { scoreCurve } from './curve.ts';
import { evaluate, type Metrics } from './metrics.ts';
import { youdenThreshold } from './thresholds.ts';

interface Case {
  name: string;
  labels: number[];
  probabilities: number[];
  threshold: number;
  expected: Metrics & { youden: number | null; calibration: Calibration | null };
}

const fixtures = JSON.parse(
  readFileSync(new URL('../../test/fixtures/metrics.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** Relative to their size where that is above 1: near separation, slopes go into the hundreds. */
function expectCalibration(got: Calibration | null, expected: Calibration): void {
  for (const name of ['slope', 'intercept'] as const) {
    const error = Math.abs((got?.[name] ?? Number.NaN) - expected[name]);
    expect(error / Math.max(1, Math.abs(expected[name])), name).toBeLessThan(1e-8);
  }
}

describe('as scikit-learn', () => {
  test.each(fixtures.cases)('$name', ({ labels, probabilities, threshold, expected }) => {
    const { youden, counts, calibration: line, ...figures } = expected;
    const got = evaluate(probabilities, labels, threshold);
    expect(got.counts).toEqual(counts);
    for (const [name, value] of Object.entries(figures)) {
      const figure = got[name as keyof typeof figures];
      if (value === null) expect(figure, name).toBeNull();
      else expect(Math.abs((figure ?? Number.NaN) - value), name).toBeLessThan(1e-9);
    }
    expect(youdenThreshold(scoreCurve(probabilities, labels))).toBe(youden);
    const fitted = calibration(probabilities, labels);
    if (line === null) expect(fitted).toBeNull();
    else expectCalibration(fitted, line);
  });
});

test('the calibration error of equal masses, by hand and against equal widths', () => {
  // 15 cells, one a bin: the mean of |probability - label|.
  const own = Array.from({ length: 15 }, (_, i) => (i + 0.5) / 15);
  const labels = own.map((p) => (p > 0.5 ? 1 : 0));
  const mean = own.reduce((sum, p, i) => sum + Math.abs(p - labels[i]), 0) / 15;
  expect(equalMassError(own, labels)).toBeCloseTo(mean, 12);
  // 150 cells of one score are one bin, however they are ordered.
  const same = Array.from({ length: 150 }, () => 0.3);
  expect(
    equalMassError(
      same,
      Array.from(same, (_, i) => (i < 60 ? 1 : 0)),
    ),
  ).toBeCloseTo(0.1, 12);
  expect(
    equalMassError(
      same,
      Array.from(same, (_, i) => (i % 5 < 2 ? 1 : 0)),
    ),
  ).toBeCloseTo(0.1, 12);
  // Scores near 0: equal widths has all of them in one bin, where errors of two kinds cancel; equal masses does not.
  const near = Array.from({ length: 300 }, (_, i) => (i < 150 ? 0.01 : 0.05));
  const turned = Array.from({ length: 300 }, (_, i) => (i < 150 ? i % 20 === 0 : (i - 150) % 150 < 1));
  const events = turned.map(Number);
  expect(evaluate(near, events, 0.5).ece).toBeLessThan(equalMassError(near, events) - 0.02);
});

test('an empty part has no figures', () => {
  const { counts, ...figures } = evaluate([], [], 0.5);
  expect(counts).toEqual({ tp: 0, tn: 0, fp: 0, fn: 0 });
  expect(new Set(Object.values(figures))).toEqual(new Set([null]));
});

test('the order of the cells changes no bit', () => {
  const cells = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(cells, (pairs) => {
      const scores = (list: [number, number][]) => list.map(([score]) => score / 20);
      const labels = (list: [number, number][]) => list.map(([, label]) => label);
      const turned = [...pairs].reverse();
      const { rocAuc, prAuc, mcc } = evaluate(scores(pairs), labels(pairs), 0.5);
      expect(evaluate(scores(turned), labels(turned), 0.5)).toMatchObject({ rocAuc, prAuc, mcc });
    }),
  );
});

test.each([
  [[0.5, Number.NaN], [0, 1], 'score 2 is NaN: a probability is a number from 0 to 1'],
  [[1.5], [0], 'score 1 is 1.5'],
  [[-0.1], [0], 'score 1 is -0.1'],
  [[0.5], [2], 'label 1 is 2: expected 1 (parasitized) or 0 (uninfected)'],
  [[0.5], [0, 1], 'there are 1 probabilities and 2 labels'],
])('%j with labels %j is refused', (probabilities, labels, message) => {
  expect(() => evaluate(probabilities, labels, 0.5)).toThrow(message);
});
