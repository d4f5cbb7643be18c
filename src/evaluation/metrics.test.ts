import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Calibration, calibration } from './calibration.ts';
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
