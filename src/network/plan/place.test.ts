import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanBuffer } from './context.ts';
import { bindPlan, placeBuffers, type SymbolicCall } from './place.ts';

function callOf(...args: (number | PlanBuffer)[]): SymbolicCall {
  return { kernel: 'k', args, chunks: 1, scratch: 0, note: '' };
}

test('buffers alive at the same call never overlap, and start on lines of the cache', () => {
  const plans = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 900 }), first: fc.nat(20), length: fc.nat(8) }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(plans, (lives) => {
      const buffers = lives.map(({ bytes }, i): PlanBuffer => ({ name: `${i}`, bytes }));
      const calls = Array.from({ length: 30 }, (_, t) =>
        callOf(...buffers.filter((_, i) => lives[i].first === t || lives[i].first + lives[i].length === t)),
      );
      const { offsets, bytes } = placeBuffers(calls);
      buffers.forEach((a, i) => {
        const start = offsets.get(a) ?? Number.NaN;
        expect(start % 64).toBe(0);
        expect(start + a.bytes).toBeLessThanOrEqual(bytes);
        buffers.slice(0, i).forEach((b, j) => {
          const together =
            lives[i].first <= lives[j].first + lives[j].length &&
            lives[j].first <= lives[i].first + lives[i].length;
          const other = offsets.get(b) ?? Number.NaN;
          if (together) expect(start >= other + b.bytes || other >= start + a.bytes).toBe(true);
        });
      });
    }),
  );
});

test('a chain of layers needs two buffers, however long', () => {
  const buffers = Array.from({ length: 10 }, (_, i): PlanBuffer => ({ name: `${i}`, bytes: 1024 }));
  const calls = buffers.slice(1).map((buffer, i) => callOf(buffers[i], buffer));
  expect(placeBuffers(calls).bytes).toBe(2048);
});

test('a buffer with an address of its own stays there; others move into the arena', () => {
  const [image, inner] = [
    { name: 'image', bytes: 64, address: 4096 },
    { name: 'inner', bytes: 64 },
  ];
  const calls = [callOf(image, inner, 7)];
  const placement = placeBuffers(calls);
  expect(placement.bytes).toBe(64);
  expect(bindPlan(calls, placement, 8192)[0].args).toEqual([4096, 8192, 7]);
});
