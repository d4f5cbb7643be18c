import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { recipeByName } from '../dist/recipes/index.js';
import type { Recipe } from '../dist/recipes/recipe.js';
import { node24, withoutNode24 } from './support/node-24.ts';
import { temporaryFolder } from './support/temporary.ts';
import { trainInChild } from './support/train-child-process.ts';
import { drawInto, sha256Of, smallRecipe } from './support/training.ts';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = temporaryFolder();
const data = join(folder, 'cells');
beforeAll(() => drawInto(data, 100));

const recipes = [smallRecipe, recipeByName('seed'), recipeByName('default')] as Recipe[];

describe.each(recipes)('the same run of the recipe $name gives the same model, byte for byte', (recipe) => {
  const place = join(folder, recipe.name);
  // Two epochs of a few steps each, with a smaller last batch.
  const epochs = 2;
  const modelOf = async (name: string, options: { threads: number; node?: string }) => {
    const { threads, ...how } = options;
    const out = join(place, name);
    expect(await trainInChild({ data, out, recipe, epochs, threads }, how)).toBe('finished');
    return sha256Of(join(out, 'model.onnx'));
  };
  let expected: string;
  beforeAll(async () => {
    mkdirSync(place);
    expected = await modelOf('once', { threads: 1 });
  });

  test('twice', async () => {
    expect(await modelOf('twice', { threads: 1 })).toBe(expected);
  });

  test.each([2, 3])(
    'with %i threads',
    async (threads) => {
      expect(await modelOf(`threads-${threads}`, { threads })).toBe(expected);
    },
    300_000,
  );

  test.skipIf(withoutNode24)(
    `on Node.js 24 ${withoutNode24 ?? ''}`,
    async () => {
      expect(await modelOf('node-24', { threads: 2, node: node24() })).toBe(expected);
    },
    300_000,
  );
});

test('another seed gives another model', async () => {
  const one = { data, recipe: smallRecipe, epochs: 1 };
  await trainInChild({ ...one, out: join(folder, 'seed-1') });
  await trainInChild({ ...one, out: join(folder, 'seed-2'), seed: 2 });
  const [first, second] = ['seed-1', 'seed-2'].map((run) => sha256Of(join(folder, run, 'predictions.csv')));
  expect(second).not.toBe(first);
});
