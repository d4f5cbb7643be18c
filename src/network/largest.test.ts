import { expect, test } from 'vitest';
import { standard } from '../recipes/default.ts';
import { seed } from '../recipes/seed.ts';
import { resolve } from './graph.ts';
import { imagesAtOnce } from './largest.ts';

test('64 images of our own networks are computed at a time, few of a network that reads very large ones', () => {
  expect(imagesAtOnce(resolve(standard.network))).toBe(64);
  expect(imagesAtOnce(resolve(seed.network))).toBe(64);
  const input = { height: 1024, width: 1024, channels: 3 } as const;
  const layers = [{ type: 'flatten' }, { type: 'dense', units: 1 }];
  // The image and the features, 3 x 2^20 values each.
  expect(imagesAtOnce(resolve({ input, layers }))).toBe(2);
});
