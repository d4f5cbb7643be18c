import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indeterminateBand, movedBand } from './indeterminate-band.ts';

describe('the band', () => {
  // At .5 the chances of a mistake are .1, .2, .3, .4, .35, .25 and .05.
  const cells = [0.1, 0.2, 0.3, 0.4, 0.65, 0.75, 0.95];
  const inside = (probabilities: readonly number[], threshold: number, most: number) => {
    const band = indeterminateBand(probabilities, threshold, most);
    return band && probabilities.filter((p) => p >= band.low && p <= band.high);
  };

  test('takes in what is most likely a mistake, as far as there is room', () => {
    expect(inside(cells, 0.5, 0)).toBeUndefined();
    expect(inside(cells, 0.5, 1)).toEqual([0.4]);
    expect(inside(cells, 0.5, 2)).toEqual([0.4, 0.65]);
    expect(inside(cells, 0.5, 3)).toEqual([0.3, 0.4, 0.65]);
    expect(inside(cells, 0.5, 4)).toEqual([0.3, 0.4, 0.65, 0.75]);
  });

  test('lies on one side of a threshold that is not .5, where mistakes are likelier', () => {
    // Called parasitized, .3 is a mistake seven times of ten; .2, called uninfected, twice.
    expect(inside(cells, 0.25, 3)).toEqual([0.3, 0.4, 0.65]);
    expect(indeterminateBand(cells, 0.25, 3)?.low).toBe(0.25);
    expect(inside(cells, 0.7, 2)).toEqual([0.4, 0.65]);
    expect(indeterminateBand(cells, 0.7, 2)?.high).toBe(0.7);
  });

  test('leaves out what is right nine times of ten', () => {
    expect(inside(cells, 0.5, 7)).toEqual([0.1, 0.2, 0.3, 0.4, 0.65, 0.75]);
    expect(inside([0.01, 0.05, 0.95], 0.5, 3)).toBeUndefined();
  });

  test('keeps cells of one probability together', () => {
    expect(inside([0.4, 0.4, 0.4], 0.5, 2)).toBeUndefined();
    expect(inside([0.4, 0.4, 0.4], 0.5, 3)).toEqual([0.4, 0.4, 0.4]);
  });

  test('never has more cells than it may, and has the threshold in it', () => {
    const probability = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
    fc.assert(
      fc.property(
        fc.array(probability),
        fc.nat(10),
        fc.constantFrom(0, 0.25, 0.5, 0.93, 1),
        (of, most, threshold) => {
          const band = indeterminateBand(of, threshold, most);
          if (!band) return;
          const { low, high } = band;
          expect(of.filter((p) => p >= low && p <= high).length).toBeLessThanOrEqual(most);
          expect(low).toBeLessThanOrEqual(threshold);
          expect(high).toBeGreaterThanOrEqual(threshold);
        },
      ),
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
