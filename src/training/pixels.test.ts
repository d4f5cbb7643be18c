import { expect, test } from 'vitest';
import { demo } from '../recipes/demo.ts';
import { createPixelPool } from './pixels.ts';

test('batches that no memory holds: refused before a thread is started, saying what to do', () => {
  const options = { recipe: demo, cells: [], seed: 1, threads: 1, cacheBytes: 0 };
  expect(() => createPixelPool({ ...options, batch: 1e12 })).toThrow(
    expect.objectContaining({
      code: 'out-of-memory',
      message: expect.stringMatching(/^5 batches of 1000000000000 images .* MB of memory.*training\.batch/),
    }),
  );
});
