import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type BoostingOptions, fitBoosting } from './gradient-boosting.ts';
import { evaluate } from './metrics.ts';

interface Case {
  readonly options: BoostingOptions;
  readonly fitRows: number;
  readonly rows: number[][];
  readonly labels: number[];
  readonly probabilities: number[];
  readonly rocAuc: number;
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/boosting.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

describe('gradient boosting', () => {
  it('one tree of one split takes Newton’s step in each leaf', () => {
    // Half are 1, so scores start at 0, gradients p - y are 1/2 or -1/2, second derivatives 1/4. Between 2 and 3 the loss falls
    // most, by 1² / (1/2) + 1² / 1: two zeros left, step -1 / (1/2); three ones and a zero right, step 1 / 1.
    const rows = [1, 2, 3, 4, 5, 6].map((value) => [value]);
    const probability = fitBoosting(rows, [0, 0, 1, 1, 1, 0], {
      trees: 1,
      rate: 0.5,
      leaves: 2,
      leastRows: 2,
    });
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    for (const value of [0, 1, 2, 2.5]) expect(probability([value])).toBeCloseTo(sigmoid(-1), 12);
    for (const value of [2.6, 3, 6, 9]) expect(probability([value])).toBeCloseTo(sigmoid(0.5), 12);
  });

  test.each(cases.map((c, i) => [i + 1, c] as const))('case %i is scikit-learn’s', (_, stored) => {
    const { options, fitRows, rows, labels, probabilities, rocAuc } = stored;
    const probability = fitBoosting(rows.slice(0, fitRows), labels.slice(0, fitRows), options);
    const own = rows.slice(fitRows).map(probability);
    own.forEach((p, i) => void expect(p).toBeCloseTo(probabilities[i], 5));
    expect(evaluate(own, labels.slice(fitRows), 0.5).rocAuc).toBeCloseTo(rocAuc, 6);
  });

  it('finds what no straight line does, and nothing where nothing is', () => {
    const rows = Array.from({ length: 400 }, (_, i) => [i % 20, Math.floor(i / 20)]);
    const band = rows.map(([a, b]) => (a >= 5 && a < 15 && b < 10 ? 1 : 0));
    const probability = fitBoosting(rows, band);
    expect(probability([10, 4])).toBeGreaterThan(0.9);
    for (const outside of [
      [2, 4],
      [17, 4],
      [10, 15],
    ])
      expect(probability(outside)).toBeLessThan(0.1);
    expect(
      fitBoosting(
        rows.map(() => [5]),
        band,
      )([5]),
    ).toBeCloseTo(0.25, 12);
  });

  it('with one label, the probability is that label', () => {
    expect(fitBoosting([[1], [2]], [1, 1])([7])).toBe(1);
    expect(fitBoosting([[1], [2]], [0, 0])([7])).toBe(0);
  });
});
