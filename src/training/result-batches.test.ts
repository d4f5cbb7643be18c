import { expect, test } from 'vitest';
import { countMultiplyAdds, resolve } from '../network/graph.ts';
import { standard } from '../recipes/default.ts';
import { plateletNetwork } from '../recipes/platelet-network.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { RunParts } from './parts.ts';
import { resultBatches } from './result-batches.ts';

/** 1,000 cells to train on, of which 300 parasitized, 100 to validate on and 60 to test on. */
const parts: RunParts = {
  train: Uint32Array.from({ length: 1000 }, (_, i) => i),
  val: Uint32Array.from({ length: 100 }, (_, i) => 1000 + i),
  predicted: Uint32Array.from({ length: 160 }, (_, i) => 1000 + i),
  targets: Uint8Array.from({ length: 1160 }, (_, i) => (i < 300 ? 1 : 0)),
};
const withTraining = (changes: Partial<Recipe['training']>): Recipe => ({
  ...standard,
  training: { ...standard.training, batch: 64, ...changes },
});

test('predictions alone are the batches of val and test; calibration reads val once more', () => {
  const { calibration, outlier, ...plain } = standard.training;
  expect(resultBatches({ ...standard, training: { ...plain, batch: 64 } }, parts)).toBe(3);
  expect(
    resultBatches({ ...standard, training: { ...plain, batch: 64, calibration: 'temperature' } }, parts),
  ).toBe(5);
});

test('the platelets’ network takes eight epochs of as many cells of either label, at three times its forward pass', () => {
  const work = ({ layers, input }: Recipe['network']) => countMultiplyAdds(resolve({ layers, input }));
  const share = work(plateletNetwork({ height: 64, width: 64 })) / work(standard.network);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.5);
  // 3 of predictions, 2 of calibration, 16 of training cells; nine steps an epoch, of 32 cells of either label.
  expect(resultBatches(withTraining({}), parts)).toBeCloseTo(3 + 2 + 16 + 8 * 9 * 3 * share, 9);
});
