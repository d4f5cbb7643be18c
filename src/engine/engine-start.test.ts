import { expect, test, vi } from 'vitest';
import { createEngine } from './engine.ts';

const closed: number[] = [];

vi.mock('#threads', () => {
  let started = 0;
  return {
    coreCount: () => 1,
    allowRelaxed: () => {},
    /** The third one is one too many. */
    startThread() {
      const number = ++started;
      if (number === 3) throw new Error('EAGAIN');
      return { post: () => {}, onAnswer: () => {}, close: async () => closed.push(number) };
    },
  };
});

test('where a thread cannot be started, those that were are ended, and the error says what to do', async () => {
  await expect(createEngine({ threads: 4 })).rejects.toMatchObject({
    code: 'thread-failed',
    message: '4 threads cannot be started (EAGAIN): ask for fewer',
  });
  expect(closed).toEqual([1, 2]);
});
