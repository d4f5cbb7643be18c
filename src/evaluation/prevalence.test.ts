import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atPrevalence } from './prevalence.ts';

const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

describe('a probability at another prevalence', () => {
  test('by hand: 0.9 of a balanced training set is 9 to 1; at 1 % it is 9 to 99, 1 in 12', () => {
    expect(atPrevalence(0.9, 0.5, 0.01)).toBeCloseTo(1 / 12, 15);
    // A prior of 0.25 is 1 to 3: the odds 3 of 0.75 are 9 times those of the prior, which at 0.1 gives 9/9 = 1.
    expect(atPrevalence(0.75, 0.25, 0.1)).toBeCloseTo(0.5, 15);
  });

  test('is the model’s own where the prevalence is its prior, and 0 and 1 stay', () => {
    fc.assert(
      fc.property(share, share, (probability, prior) => {
        expect(atPrevalence(probability, prior, prior)).toBeCloseTo(probability, 12);
        expect(atPrevalence(0, prior, 0.01)).toBe(0);
        expect(atPrevalence(1, prior, 0.01)).toBe(1);
      }),
    );
  });

  test('equals Bayes’ rule with the likelihoods that the model stands for', () => {
    fc.assert(
      fc.property(share, share, share, (probability, prior, prevalence) => {
        // p(image | class) up to one factor: p(class | image) / p(class).
        const parasitized = (probability / prior) * prevalence;
        const uninfected = ((1 - probability) / (1 - prior)) * (1 - prevalence);
        const expected = parasitized / (parasitized + uninfected);
        expect(atPrevalence(probability, prior, prevalence) / expected).toBeCloseTo(1, 9);
      }),
    );
  });

  test('keeps the order of any two', () => {
    const any = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(any, any, share, share, (a, b, prior, prevalence) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(atPrevalence(low, prior, prevalence)).toBeLessThanOrEqual(
          atPrevalence(high, prior, prevalence),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
