import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { GiemsaError } from '../cells/errors.ts';
import type { Cell, Label } from '../dataset/cell.ts';
import type { LabelSet } from '../dataset/label-sets.ts';
import { createEngine } from '../engine/engine.ts';
import { demo } from '../recipes/demo.ts';
import { findParts } from './find-parts.ts';
import type { TrainingOptions } from './options.ts';
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

const cell = (name: string, label: Label): Cell => ({
  ...{ name, label, path: `cells/${label}/${name}`, patient: '', slide: '' },
  read: async () => new Uint8Array(),
});
const pair = (['parasitized', 'uninfected'] as const).map((label) => cell('a', label));

const train = (out: string, own: Partial<TrainingOptions> = {}) =>
  runTraining({
    recipe: { ...demo, training: { ...demo.training, keep: 'last' } },
    dataset: { cells: pair, fingerprint: '' },
    data: { path: 'cells', labelSet: 'published' },
    split: pair.map(({ name, label }) => ({ name, label, patient: '', part: 'train' })),
    out: join(folder, out),
    seed: 1,
    threads: 2,
    ...own,
  });

test.each([{ threads: Number.NaN }, { threads: -1 }, { threads: 1.5 }, { threads: 257 }])(
  '%j is refused before a folder is made',
  async (own) => {
    await expect(train('threads', own)).rejects.toMatchObject({ code: 'bad-threads' });
    expect(existsSync(join(folder, 'threads'))).toBe(false);
  },
);

test.each([{ seed: 1.5 }, { seed: -1 }])('%j is refused before a folder is made', async (own) => {
  await expect(train('seed', own)).rejects.toMatchObject({ code: 'bad-seed' });
  expect(existsSync(join(folder, 'seed'))).toBe(false);
});

test('no threads means all cores, for the engine and for reading images', async () => {
  vi.mocked(trainSession).mockResolvedValue({} as never);
  await train('all-cores', { threads: 0 });
  const threads = availableParallelism();
  expect(createEngine).toHaveBeenCalledWith({ threads, relaxed: false });
  expect(createPixelPool).toHaveBeenCalledWith(expect.objectContaining({ threads: Math.min(4, threads) }));
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

test('a patient whom only the split names is healthy where none of its cells is parasitized: its labels stay', async () => {
  vi.mocked(trainSession).mockResolvedValue({} as never);
  const cells = [cell('a', 'parasitized'), cell('b', 'parasitized'), cell('c', 'uninfected')];
  const patients: Record<string, string> = { a: 'infected', b: 'infected', c: 'healthy' };
  await runTraining({
    recipe: { ...demo, training: { ...demo.training, keep: 'last' } },
    dataset: { cells, fingerprint: '' },
    data: { path: 'cells', labelSet: 'relabelled' },
    review: cells.map(({ name, label }) => ({ name, label, review: name === 'a' ? 'agrees' : 'disagrees' })),
    split: cells.map(({ name, label }) => ({ name, label, patient: patients[name], part: 'train' })),
    ...{ out: join(folder, 'relabelled'), seed: 1, threads: 1 },
  });
  const [[session]] = vi.mocked(trainSession).mock.calls;
  expect([...findParts(session, []).targets]).toEqual([1, 0, 0]);
});

test('a hard negative, doubted though its patient is healthy, weighs more on relabelled labels, and on no other', async () => {
  const made: [name: string, label: Label, patient: string][] = [
    ['only parasitized cell, not in the split', 'parasitized', 'infected'],
    ['doubted, of an infected patient', 'uninfected', 'infected'],
    ['only parasitized cell, doubted', 'parasitized', 'doubtful'],
    ['doubted, of a patient whose parasitized cell is doubted', 'uninfected', 'doubtful'],
    ['hard', 'uninfected', 'healthy'],
    ['healthy', 'uninfected', 'healthy'],
    ['doubted, of an unknown patient', 'uninfected', ''],
    ['certain', 'parasitized', 'other'],
  ];
  const cells = made.map(
    ([name, label, patient]): Cell => ({
      ...{ name, label, patient, path: `cells/${label}/${name}`, slide: '' },
      read: async () => new Uint8Array(),
    }),
  );
  const review = cells.map(({ name, label }) => ({
    ...{ name, label },
    review: /doubted|hard/.test(name) ? ('disagrees' as const) : ('agrees' as const),
  }));
  const own = cells.slice(1).reverse();
  const weights = (labelSet: LabelSet, hardNegativeWeight?: number) => {
    const options = {
      ...{ dataset: { cells, fingerprint: '' }, data: { path: 'cells', labelSet }, review },
      split: own.map(({ name, label, patient }) => ({ name, label, patient, part: 'train' as const })),
      ...{ out: '', seed: 1, threads: 1 },
    };
    const training = {
      ...demo.training,
      keep: 'last' as const,
      ...(hardNegativeWeight && { hardNegativeWeight }),
    };
    const recipe = { ...demo, training };
    const parts = findParts({ options, recipe, cells: own }, []);
    return (
      parts.sampleWeights && Object.fromEntries(own.map(({ name }, i) => [name, parts.sampleWeights?.[i]]))
    );
  };
  expect(weights('relabelled', 3)).toEqual(
    Object.fromEntries(own.map(({ name }) => [name, name === 'hard' ? 3 : 1])),
  );
  expect(weights('published', 3)).toBeUndefined();
  expect(weights('dropped', 3)).toBeUndefined();
  expect(weights('relabelled')).toBeUndefined();
});

test('a folder on which another process works is refused', async () => {
  mkdirSync(join(folder, 'in-use'));
  writeFileSync(join(folder, 'in-use', `.${process.ppid}.lock`), '');
  await expect(train('in-use')).rejects.toMatchObject({ code: 'run-in-use' });
  expect(trainSession).not.toHaveBeenCalled();
});
