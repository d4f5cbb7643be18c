import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demo } from '../recipes/demo.ts';
import { loadRecipe } from './load-recipe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giemsa-recipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const mine = { ...demo, name: 'mine' };

test('by name', async () => {
  expect((await loadRecipe('seed')).name).toBe('seed');
});

test('from JSON', async () => {
  expect(await loadRecipe(await file('mine.json', JSON.stringify(mine)))).toEqual(mine);
});

test('from a JavaScript module', async () => {
  const text = `const recipe = ${JSON.stringify(mine)};\nexport default { ...recipe, name: 'computed' };`;
  expect(await loadRecipe(await file('mine.mjs', text))).toEqual({ ...mine, name: 'computed' });
});

describe('errors name the file and the field', () => {
  const recipe = (change: object) => JSON.stringify({ ...mine, ...change });
  const training = { ...demo.training, schedule: { ...demo.training.schedule, peak: 'fast' } };
  test.each([
    [
      'field.json',
      recipe({ training }),
      'training.schedule.peak: expected a number above 0, received "fast"',
    ],
    ['cut.json', '{"name": "x"', 'cannot read the recipe'],
    ['none.mjs', 'export const recipe = {};', 'has no default export'],
    ['throws.mjs', 'throw new Error("no luck");', 'no luck'],
    ['syntax.mjs', 'const = ;', 'cannot read the recipe'],
    ['number.mjs', 'export default 7;', 'the recipe has a mistake: recipe: expected an object with name'],
  ])('%s', async (name, text, message) => {
    const path = await file(name, text);
    const error = await loadRecipe(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'GiemsaError' });
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });

  test.each(['.json', '.mjs'])('a missing %s file', async (ending) => {
    const path = join(folder, `missing${ending}`);
    await expect(loadRecipe(path)).rejects.toThrow(`cannot read ${path}: it does not exist`);
  });

  test('a name that is none', async () => {
    await expect(loadRecipe('sead')).rejects.toThrow(
      'there is no recipe "sead": give one of seed, default, demo,',
    );
  });
});
