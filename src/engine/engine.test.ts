import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import type { KernelCall } from './plan.ts';

const LENGTH = 4096;

/** y = a + b, in many chunks. */
const add = (a: number, b: number, y: number): KernelCall => ({
  kernel: 'addForward',
  args: [a, b, y, 0, LENGTH, 64],
  chunks: LENGTH / 64,
});

/** An address behind all memory there is. */
const OUTSIDE = 2 ** 32 - 65536;

test.each([1, 2])('overlapping runs are done one after another (%i threads)', async (threads) => {
  const engine = await createEngine({ threads });
  const x = engine.allocate(4 * LENGTH);
  const y = engine.allocate(4 * LENGTH);
  engine.f32(x, LENGTH).fill(3);
  const done: string[] = [];
  const twice = engine.run([add(x, x, y), ...Array(9).fill(add(y, y, y))]).then(() => done.push('twice'));
  const more = engine.run([add(y, x, y)]).then(() => done.push('more'));
  await Promise.all([twice, more]);
  expect(done).toEqual(['twice', 'more']);
  expect(engine.f32(y, LENGTH).every((value) => value === 3 * 2 ** 10 + 3)).toBe(true);
  await engine.close();
});

test('a kernel that traps ends the engine: that run, runs that wait and later ones say so', async () => {
  const engine = await createEngine({ threads: 2 });
  const x = engine.allocate(4 * LENGTH);
  const failed = { name: 'EngineError', code: 'thread-failed' };
  const [trap, waiting] = await Promise.allSettled([
    engine.run([add(x, x, x), { ...add(x, x, OUTSIDE), chunks: 1 }, add(x, x, x)]),
    engine.run([add(x, x, x)]),
  ]);
  expect(trap).toMatchObject({ reason: { ...failed, message: expect.stringContaining('out of bounds') } });
  expect(waiting).toMatchObject({ reason: failed });
  await expect(engine.run([add(x, x, x)])).rejects.toMatchObject(failed);
  await engine.close();
});

test('no thread is left asleep where another failed: the process ends by itself', () => {
  const script = `
    import(${JSON.stringify(new URL('../../dist/engine/engine.js', import.meta.url))}).then(async ({ createEngine }) => {
      const engine = await createEngine({ threads: 3 });
      const trap = engine.run([${JSON.stringify({ ...add(64, 64, OUTSIDE), chunks: 1 })}]);
      await trap.catch(({ code }) => console.log(code));
    });`;
  const stdout = execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8', timeout: 240_000 });
  expect(stdout).toBe('thread-failed\n');
}, 300_000);

test.each([1, 2])(
  'closing waits for the runs asked for; no run comes after (%i threads)',
  async (threads) => {
    const engine = await createEngine({ threads });
    const x = engine.allocate(4 * LENGTH);
    engine.f32(x, LENGTH).fill(1);
    const run = engine.run([add(x, x, x)]);
    await engine.close();
    await run;
    expect(engine.f32(x, LENGTH).every((value) => value === 2)).toBe(true);
    await expect(engine.run([add(x, x, x)])).rejects.toMatchObject({ name: 'EngineError', code: 'closed' });
  },
);

test.each([Number.NaN, -1, 1.5, 257])('%d threads are refused', async (threads) => {
  await expect(createEngine({ threads })).rejects.toMatchObject({ code: 'bad-threads' });
});

test('0 threads are as many as there are cores', async () => {
  const engine = await createEngine({ threads: 0 });
  expect(engine.threads).toBe(Math.min(256, availableParallelism()));
  await engine.close();
});
