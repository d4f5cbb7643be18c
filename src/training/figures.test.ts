import { describe, expect, test } from 'vitest';
import { resolve } from '../network/graph.ts';
import { l2Penalty, partFigures } from './figures.ts';

const half = Float32Array.of(0.5, 0.5);

describe('figures of a part', () => {
  test('the loss of a network that knows nothing is ln 2, plus the penalty', () => {
    expect(partFigures(half, Uint8Array.of(1, 0), 0.25, Math.log).loss).toBeCloseTo(Math.LN2 + 0.25, 12);
  });

  // As Keras has it: probabilities are kept 1e-7 away from 0 and 1.
  test('a certain mistake costs -ln 1e-7, not infinity', () => {
    const { loss, accuracy, rocAuc } = partFigures(
      Float32Array.of(1, 1, 0.25),
      Uint8Array.of(1, 0, 1),
      0,
      Math.log,
    );
    expect(loss).toBeCloseTo((16.11809565 + Math.log(4)) / 3, 6);
    expect(accuracy).toBeCloseTo(1 / 3, 12);
    expect(rocAuc).toBe(0.25);
  });

  test('parasitized means probability >= 0.5; without cells of a label its figure is not defined', () => {
    expect(partFigures(half, Uint8Array.of(1, 1), 0, Math.log)).toMatchObject({
      sensitivity: 1,
      specificity: null,
      rocAuc: null,
    });
  });
});

test('the L2 penalty is l2 times the sum of squares of the kernels that have it', () => {
  const { nodes } = resolve({
    input: { height: 1, width: 2, channels: 1 },
    layers: [
      { type: 'flatten' },
      { type: 'dense', name: 'a', units: 1, l2: 0.5 },
      { type: 'dense', name: 'b', units: 1 },
    ],
  });
  const parameter = (...values: number[]) => ({
    shape: [values.length, 1],
    trainable: true,
    data: Float32Array.from(values),
  });
  const weights = new Map([
    ['a/kernel', parameter(1, 2)],
    ['a/bias', parameter(7)],
    ['b/kernel', parameter(3)],
    ['b/bias', parameter(5)],
  ]);
  expect(l2Penalty(nodes, weights)).toBe(2.5);
});
