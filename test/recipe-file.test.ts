import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;

/** Loads a recipe with the built package, as the command does: inside vitest all TypeScript is stripped anyway. */
async function load(path: string): Promise<string> {
  const program = `
    import { loadRecipe } from './dist/training/load-recipe.js';
    const said = await loadRecipe(${JSON.stringify(path)}).then(JSON.stringify, (error) => error.message);
    console.log(said);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: root });
  return stdout.trim();
}

test('the example of the guide is a recipe', async () => {
  const recipe = JSON.parse(await load('docs/guides/example-recipe.ts'));
  expect(recipe).toMatchObject({ name: 'example', preprocessing: { pixelScale: 0.5 } });
  expect(recipe.network.layers).toHaveLength(15);
});

test('a TypeScript recipe may import others; a mistake in its syntax or its fields is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'giemsa-recipe-'));
  try {
    const write = (name: string, text: string) => writeFile(join(folder, name), text);
    await write('rate.ts', 'export const rate: number = -1;');
    await write(
      'mine.ts',
      `import { rate } from './rate.ts';
       import example from '${root}docs/guides/example-recipe.ts';
       export default { ...example, training: { ...example.training, schedule: { type: 'constant', rate } } };`,
    );
    await write('broken.ts', 'const a: number = ;\nexport default a;');
    expect(await load(join(folder, 'mine.ts'))).toBe(
      `${join(folder, 'mine.ts')}: the recipe has a mistake: training.schedule.rate: expected a number above 0, received -1`,
    );
    expect(await load(join(folder, 'broken.ts'))).toContain(
      `cannot read the recipe ${join(folder, 'broken.ts')}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
