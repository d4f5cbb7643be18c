import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { openDataset } from '../dist/dataset/dataset.js';
import type { CellsAs } from '../dist/training/fill-task.js';
import { createPixelPool, type PixelPoolOptions } from '../dist/training/pixels.js';
import { runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { drawInto, smallRecipe as recipe } from './support/training.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = temporaryFolder();
const data = join(folder, 'cells');
beforeAll(() => drawInto(data, 100));

/** All pixels of two epochs of batches of 16, of the second with a platelet on each cell, then of cells as in inference. */
async function allPixels(options: Partial<PixelPoolOptions>): Promise<Float32Array[]> {
  const { cells, close } = await openDataset(data);
  const pool = createPixelPool({
    recipe,
    cells,
    batch: 16,
    seed: 1,
    threads: 1,
    cacheBytes: 2 ** 30,
    ...options,
  });
  await pool.readAll(() => {});
  const ways: readonly CellsAs[] = [
    { epoch: 1 },
    { epoch: 2 },
    { epoch: 2, isUnderPlatelet: true },
    'in inference',
  ];
  const requests = ways.flatMap((as) =>
    Array.from({ length: 6 }, (_, i) => ({
      as,
      cells: Uint32Array.from({ length: 16 }, (_, j) => 16 * i + j),
    })),
  );
  const batches: Float32Array[] = [];
  for await (const { pixels } of pool.batches(requests)) batches.push(pixels.slice());
  await pool.close();
  await close();
  return batches;
}

test('pixels depend on seed, epoch and cell, not on threads and not on the cache', async () => {
  const batches = await allPixels({});
  expect(batches.length).toBe(24);
  expect(await allPixels({ threads: 3 })).toEqual(batches);
  expect(await allPixels({ cacheBytes: 0 })).toEqual(batches);
  expect(batches[6]).not.toEqual(batches[0]);
  expect(batches[12]).not.toEqual(batches[6]);
  expect(batches[18]).not.toEqual(batches[12]);
  expect((await allPixels({ seed: 2 }))[0]).not.toEqual(batches[0]);
});

test('each epoch draws another platelet', async () => {
  const { cells, close } = await openDataset(data);
  const plain = { ...recipe, augmentation: {} };
  const pool = createPixelPool({ recipe: plain, cells, batch: 16, seed: 1, threads: 1, cacheBytes: 2 ** 30 });
  const under = (epoch: number) => ({
    as: { epoch, isUnderPlatelet: true },
    cells: Uint32Array.from({ length: 16 }, (_, i) => i),
  });
  const batches: Float32Array[] = [];
  for await (const { pixels } of pool.batches([under(1), under(2), under(1)])) batches.push(pixels.slice());
  await pool.close();
  await close();
  expect(batches[2]).toEqual(batches[0]);
  expect(batches[1]).not.toEqual(batches[0]);
});

test.each([
  ['vanishes', (path: string) => rmSync(path), 'unreadable-file', 'cannot read it: it does not exist'],
  ['is cut short', (path: string) => truncateSync(path, 60), 'damaged-image', ''],
])('a file that %s after it was read is named', async (name, change, code, reason) => {
  const changing = join(folder, name);
  await drawInto(changing, 20);
  const { cells, close } = await openDataset(changing);
  const pool = createPixelPool({ recipe, cells, batch: 16, seed: 1, threads: 1, cacheBytes: 0 });
  await pool.readAll(() => {});
  change(cells[3].path);
  const batches = pool.batches([{ as: { epoch: 1 }, cells: Uint32Array.of(1, 3) }]);
  await expect(batches.next()).rejects.toMatchObject({
    name: 'GiemsaError',
    code,
    message: expect.stringContaining(`${cells[3].path}: ${reason}`),
  });
  await pool.close();
  await close();
});

test('an image that cannot be read is named and left out before training; the exit status is 3', async () => {
  const broken = join(folder, 'broken');
  await drawInto(broken, 100);
  writeFiles(folder, { 'recipe.json': JSON.stringify(recipe) });
  writeFileSync(join(broken, 'Parasitized/C1P1drawn_IMG_1_cell_99.png'), 'not an image');
  const out = join(folder, 'run');
  const options = ['--data', broken, '--recipe', join(folder, 'recipe.json'), '--out', out, '--epochs', '1'];
  const { status, stderr } = await runCommand(['train', ...options]);
  expect(stderr).toMatch(/left out .*C1P1drawn_IMG_1_cell_99\.png: /);
  expect(status).toBe(3);
});
