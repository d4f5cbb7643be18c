import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { GiemsaError } from '../cells/errors.ts';
import { createEngine } from '../engine/engine.ts';
import { demo } from '../recipes/demo.ts';
import { createPixelPool } from './pixels.ts';
import { trainSession } from './session.ts';
import { runTraining } from './train.ts';

vi.mock('../engine/engine.ts');
vi.mock('./pixels.ts');
vi.mock('./session.ts');

const folder = mkdtempSync(join(tmpdir(), 'giemsa-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

const engine = { close: vi.fn() };
const pixels = { close: vi.fn() };
beforeEach(() => {
  vi.resetAllMocks();
  vi.mocked(createEngine).mockResolvedValue(engine as never);
  vi.mocked(createPixelPool).mockReturnValue(pixels as never);
});

const train = (out: string) =>
  runTraining({
    recipe: demo,
    dataset: { cells: [], fingerprint: '' },
    data: { path: 'cells', labelSet: 'published' },
    split: [],
    out: join(folder, out),
    seed: 1,
    threads: 2,
  });

test('the engine is closed where the threads for pixels cannot be started', async () => {
  vi.mocked(createPixelPool).mockImplementation(() => {
    throw new GiemsaError('out-of-memory', 'no memory');
  });
  await expect(train('no-pixels')).rejects.toThrow('no memory');
  expect(engine.close).toHaveBeenCalledOnce();
});

test('the engine is closed where training fails, and where closing the other threads does', async () => {
  vi.mocked(trainSession).mockRejectedValue(new GiemsaError('one-label', 'one label'));
  pixels.close.mockRejectedValue(new Error('a thread died'));
  await expect(train('fails')).rejects.toThrow('a thread died');
  expect(engine.close).toHaveBeenCalledOnce();
});
