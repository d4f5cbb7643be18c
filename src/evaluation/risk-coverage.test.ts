import { expect, test } from 'vitest';
import { riskCoverage } from './risk-coverage.ts';

const cell = (probability: number, label: 'parasitized' | 'uninfected') => ({ probability, label });

test('four cells by hand: surest right, then wrong, right, wrong', () => {
  const cells = [
    cell(0.625, 'uninfected'),
    cell(1, 'parasitized'),
    cell(0.125, 'parasitized'),
    cell(0.25, 'uninfected'),
  ];
  // Risks 0, 1/2, 1/3, 1/2.
  expect(riskCoverage(cells, 0.5)).toEqual({
    points: [
      { coverage: 0.25, risk: 0 },
      { coverage: 0.5, risk: 1 / 2 },
      { coverage: 0.75, risk: 1 / 3 },
      { coverage: 1, risk: 1 / 2 },
    ],
    aurc: expect.closeTo((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, 12),
  });
});

test('cells as far from the threshold on either side come in together, in any order', () => {
  const cells = [cell(0.75, 'uninfected'), cell(0.25, 'uninfected'), cell(0.5, 'parasitized')];
  const curve = riskCoverage(cells, 0.5);
  expect(curve?.points).toEqual([
    { coverage: 2 / 3, risk: 1 / 2 },
    { coverage: 1, risk: 1 / 3 },
  ]);
  // Half a mistake in each of the first two cells.
  expect(curve?.aurc).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 3) / 3, 12);
  expect(riskCoverage(cells.toReversed(), 0.5)).toEqual(curve);
});

test('how sure is told in odds: at a threshold of .8, .95 is further off than .6, which is further than .9', () => {
  // Odds 19, 1.5 and 9 against 4: ratios 4.75, 2.67, 2.25. By probabilities .6 would come first.
  const cells = [cell(0.6, 'parasitized'), cell(0.9, 'parasitized'), cell(0.95, 'parasitized')];
  expect(riskCoverage(cells, 0.8)?.points.map(({ risk }) => risk)).toEqual([0, 1 / 2, 1 / 3]);
});

test.each([0, 1])('a threshold of %d has an order, too', (threshold) => {
  const cells = [cell(0, 'uninfected'), cell(0.5, 'uninfected'), cell(1, 'parasitized')];
  expect(riskCoverage(cells, threshold)?.points.at(-1)?.coverage).toBe(1);
});

test('random confidence has the error rate as its area, the best order nearly half its square', () => {
  const n = 1000;
  const wrong = 100;
  // All mistakes last: risk is 0 up to coverage .9, then rises to .1.
  const best = Array.from({ length: n }, (_, i) =>
    cell(0.5 + (n - i) / (2 * n), i < n - wrong ? 'parasitized' : 'uninfected'),
  );
  const expected = 0.1 + 0.9 * Math.log(0.9);
  expect(riskCoverage(best, 0.5)?.aurc).toBeCloseTo(expected, 3);
  const same = best.map((one) => ({ ...one, probability: 0.8 }));
  expect(riskCoverage(same, 0.5)?.aurc).toBeCloseTo(0.1, 12);
});

test('nothing of nothing', () => {
  expect(riskCoverage([], 0.5)).toBeUndefined();
});
