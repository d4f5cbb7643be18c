import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { writeModel } from '../src/model/file.ts';
import { hostileCases } from './support/hostile/all-cases.ts';
import type { GoodInputs, HostileCase } from './support/hostile/cases.ts';
import { type ManyResult, runMany } from './support/many-commands.ts';
import { makeRun } from './support/run-folder.ts';
import { temporaryFolder } from './support/temporary.ts';
import { testModel } from './support/test-model.ts';
import { drawInto, smallRecipe } from './support/training.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const root = temporaryFolder();
let cases: HostileCase[];
let results: ManyResult[];

beforeAll(async () => {
  const good = await makeGood();
  cases = hostileCases(good);
  results = await runMany(cases.map(({ args }) => args));
});

async function makeGood(): Promise<GoodInputs> {
  const [data, model, recipe, split] = ['cells', 'model.onnx', 'recipe.json', 'split.csv'].map((name) =>
    join(root, name),
  );
  await drawInto(data, 60);
  writeFileSync(model, await writeModel(testModel()));
  writeFileSync(recipe, JSON.stringify(smallRecipe));
  const [made] = await runMany([['dataset', 'split', data, '--out', split]]);
  expect(made.status).toBe(0);
  const { run } = await makeRun(join(root, 'made'));
  const [name] = readdirSync(join(data, 'Parasitized'));
  return { root, data, model, recipe, split, run, cell: join(data, 'Parasitized', name) };
}

/** What is wrong with how a command ended; nothing where it is as it must be. */
function faultOf({ file, status, says, output }: HostileCase, result: ManyResult): string | undefined {
  const said = result.stdout + result.stderr;
  const shown = (path: string) => [path, JSON.stringify(path).slice(1, -1)];
  if (result.status !== status) return `status ${result.status} in place of ${status}`;
  if (/^\s+at |at file:|node:internal|should not happen/m.test(said)) return 'a stack trace';
  if (!shown(file).some((name) => said.includes(name))) return `the file is not named: ${file}`;
  if (!says.test(said)) return `it does not say ${says}`;
  if (status === 1 && !/^giemsa: [^\n]+\n$/m.test(result.stderr)) return 'no line of its own on stderr';
  if (output !== undefined && existsSync(output)) return `${output} was written`;
  return undefined;
}

test('more than 300 hostile inputs over five commands, no two alike', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const commands = cases.map(({ args }) => (args[0] === 'dataset' ? 'dataset split' : args[0]));
  expect([...new Set(commands)].sort()).toEqual(['classify', 'dataset split', 'evaluate', 'report', 'train']);
  expect(cases.length).toBeGreaterThan(300);
});

test('each ends with the right status and one clear sentence naming file and reason, nothing half-written', () => {
  const faults = cases.flatMap((one, i) => {
    const fault = faultOf(one, results[i]);
    return fault === undefined
      ? []
      : [`${one.name}: ${fault}\n  ${results[i].stderr}${results[i].stdout.slice(0, 300)}`];
  });
  expect(faults.join('\n')).toBe('');
});

test('no temporary file is left behind', () => {
  // Node's own recursive listing follows links, in circles too.
  expect(execFileSync('find', [root, '-name', '*.tmp'], { encoding: 'utf8' })).toBe('');
});
