import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indeterminateBand, movedBand } from './indeterminate-band.ts';

const cell = (probability: number, label: 'parasitized' | 'uninfected') => ({ probability, label });

describe('the band', () => {
  const cells = [
    cell(0.1, 'uninfected'),
    cell(0.2, 'parasitized'),
    cell(0.3, 'uninfected'),
    cell(0.4, 'parasitized'),
    cell(0.6, 'parasitized'),
    cell(0.7, 'uninfected'),
    cell(0.9, 'parasitized'),
  ];

  test('takes in as many mistakes as there is room for, and no cell for nothing', () => {
    expect(indeterminateBand(cells, 0.5, 0)).toBeUndefined();
    expect(indeterminateBand(cells, 0.5, 1)).toEqual({ low: 0.4, high: 0.5 });
    expect(indeterminateBand(cells, 0.5, 2)).toEqual({ low: 0.4, high: 0.5 });
    expect(indeterminateBand(cells, 0.5, 3)).toEqual({ low: 0.4, high: 0.7 });
    expect(indeterminateBand(cells, 0.5, 5)).toEqual({ low: 0.2, high: 0.7 });
    expect(indeterminateBand(cells, 0.5, 7)).toEqual({ low: 0.2, high: 0.7 });
  });

  test('cells of one probability stay together', () => {
    const tied = [cell(0.4, 'parasitized'), cell(0.4, 'uninfected'), cell(0.4, 'uninfected')];
    expect(indeterminateBand(tied, 0.5, 2)).toBeUndefined();
    expect(indeterminateBand(tied, 0.5, 3)).toEqual({ low: 0.4, high: 0.5 });
  });

  test('never has more cells than it may, and has the threshold in it', () => {
    const cells = fc.array(
      fc.record({
        probability: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
        label: fc.constantFrom('parasitized' as const, 'uninfected' as const),
      }),
    );
    fc.assert(
      fc.property(cells, fc.nat(10), fc.constantFrom(0, 0.25, 0.5, 0.93, 1), (of, most, threshold) => {
        const band = indeterminateBand(of, threshold, most);
        if (!band) return;
        const { low, high } = band;
        expect(of.filter(({ probability: p }) => p >= low && p <= high).length).toBeLessThanOrEqual(most);
        expect(low).toBeLessThanOrEqual(threshold);
        expect(high).toBeGreaterThanOrEqual(threshold);
      }),
    );
  });
});

describe('with another threshold', () => {
  const band = { low: 0.2, high: 0.8 };

  test('odds are multiplied alike', () => {
    expect(movedBand(band, 0.5, 0.5)).toEqual(band);
    // Odds 1/4 and 4 become 1/8 and 2 as those of the threshold, 1, become 1/2.
    const { low, high } = movedBand(band, 0.5, 1 / 3);
    expect(low).toBeCloseTo(1 / 9, 12);
    expect(high).toBeCloseTo(2 / 3, 12);
  });

  test.each([0, 1])('of %d nothing is too near', (to) => {
    const { low, high } = movedBand(band, 0.5, to);
    expect(low).toBeGreaterThan(high);
  });
});
