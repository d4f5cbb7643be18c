import { execFile } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { goodPng } from './support/bad-images.ts';
import { runCommand } from './support/command.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = temporaryFolder();
/** The package as it is installed, but for its models. */
const copy = join(folder, 'giemsa');
const cell = join(folder, 'cell.png');
const run = (...args: string[]) => runCommand(args, { script: join(copy, 'dist/cli/main.js') });
const missing = `the package's own model (${join(copy, 'models/default.onnx')}) is missing (cannot read it: it does not exist): name a model file`;

beforeAll(() => {
  for (const name of ['package.json', 'dist'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFiles(folder, {
    'cell.png': goodPng,
    'cells/Parasitized/a.png': goodPng,
    'cells/Uninfected/b.png': goodPng,
  });
});

test.each([
  ['classify', [cell]],
  ['classify', [cell, '--report', join(folder, 'report.html')]],
  ['explain', [cell]],
  ['evaluate', ['--data', join(folder, 'cells')]],
])('without models/default.onnx, %s %j ends with 1 and says so in one line', async (command, args) => {
  const { status, stdout, stderr } = await run(command, ...args);
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `giemsa: ${missing}\n` });
});

test('with --model it does without', async () => {
  const { status, stderr } = await run('classify', cell, '--model', join(root, 'models/default.onnx'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('without models/default.onnx, loadClassifier throws an error with a code', async () => {
  const program = `
    import { loadClassifier } from 'giemsa';
    console.log(JSON.stringify(await loadClassifier().catch(({ code, message }) => ({ code, message }))));`;
  // The package finds itself by its own name.
  const node = [process.execPath, ['--input-type=module', '-e', program], { cwd: copy }] as const;
  const { stdout } = await promisify(execFile)(...node);
  expect(JSON.parse(stdout)).toEqual({ code: 'no-model', message: missing });
});
