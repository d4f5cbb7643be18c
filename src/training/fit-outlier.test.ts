import { describe, expect, test } from 'vitest';
import { outlierScores } from '../model/outlier.ts';
import { random } from '../recipes/random.ts';
import { fitOutlier, scaledOutlier } from './fit-outlier.ts';

describe('four cells of each label, worked by hand', () => {
  // Each label is a cross about its mean, (0, 0) and (10, 0), 2 along x and 1 along y.
  const cross = (x: number) => [x + 2, 0, x - 2, 0, x, 1, x, -1];
  const detector = fitOutlier(Float32Array.from([...cross(0), ...cross(10)]), [0, 0, 0, 0, 1, 1, 1, 1]);
  if (!detector) throw new Error('there is a detector');
  const scores = (...features: number[]) => Array.from(outlierScores(detector, Float32Array.from(features)));

  test('distances in standard deviations, to the nearer mean, shrunk by a twentieth', () => {
    // Variances 8 / 4 and 2 / 4, of which .95 and .05 of their mean, 1.25.
    const [x, y] = [0.95 * 2 + 0.05 * 1.25, 0.95 * 0.5 + 0.05 * 1.25].map(Math.sqrt);
    expect(scores(0, 0, 10, 0)).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
    const [along, across, beyond] = scores(3, 0, 10, 3, 14, 0);
    expect(along).toBeCloseTo(3 / x, 5);
    expect(across).toBeCloseTo(3 / y, 5);
    expect(beyond).toBeCloseTo(4 / x, 5);
  });

  test('scaled scores are divided', () => {
    const [score] = scores(3, 2);
    const [half] = outlierScores(scaledOutlier(detector, 2), Float32Array.of(3, 2));
    expect(half).toBeCloseTo(score / 2, 6);
  });
});

test('correlated features are whitened: training cells have mean square distance 1 a feature', () => {
  const draw = random(3, 1);
  const cells = 2000;
  const features = new Float32Array(cells * 4);
  const targets = Array.from({ length: cells }, (_, i) => i % 2);
  for (let cell = 0; cell < cells; cell++) {
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    features.set([a + 5 * targets[cell], a + b, 3 * (a + c) - b, d + 100], cell * 4);
  }
  const detector = fitOutlier(features, targets);
  if (!detector) throw new Error('there is a detector');
  const squares = Array.from(outlierScores(detector, features), (score) => score * score);
  const mean = squares.reduce((a, b) => a + b, 0) / cells;
  // Less than 4, by what is shrunk away from the direction of least variance.
  expect(mean).toBeGreaterThan(2.8);
  expect(mean).toBeLessThan(4.1);
  const [far] = outlierScores(detector, Float32Array.of(0.5, 0.5, -10, 100.5));
  expect(far).toBeGreaterThan(4);
});

test('without any spread there is no detector', () => {
  expect(fitOutlier(Float32Array.of(1, 2, 1, 2), [0, 1])).toBeUndefined();
});
