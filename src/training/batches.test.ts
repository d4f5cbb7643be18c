import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchAt, epochOrder, stepsPerEpoch } from './batches.ts';

test('the order of an epoch is a permutation', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.nat(),
      fc.integer({ min: 1, max: 100 }),
      (count, seed, epoch) => {
        expect([...epochOrder(count, seed, epoch)].sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        );
      },
    ),
  );
});

test('it is the same every time for one seed and epoch, and another for another', () => {
  const order = epochOrder(100, 7, 3);
  expect(epochOrder(100, 7, 3)).toEqual(order);
  expect(epochOrder(100, 7, 4)).not.toEqual(order);
  expect(epochOrder(100, 8, 3)).not.toEqual(order);
});

test('every cell is as likely in every position', () => {
  const firsts = new Float64Array(4);
  for (let epoch = 1; epoch <= 4000; epoch++) firsts[epochOrder(4, 1, epoch)[0]]++;
  for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('the batches of an epoch are all its cells once, the last one smaller', () => {
  const order = epochOrder(70, 1, 1);
  expect(stepsPerEpoch(70, 32)).toBe(3);
  const batches = [0, 1, 2].map((step) => batchAt(order, 32, step));
  expect(batches.map((batch) => batch.length)).toEqual([32, 32, 6]);
  expect(batches.flatMap((batch) => [...batch])).toEqual([...order]);
});
