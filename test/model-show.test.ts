import { expect, test } from 'vitest';
import { runCommand } from './support/command.ts';

test('model show seed: the parameters of the starting project, as JSON and in the table', async () => {
  const { status, stdout, stderr } = await runCommand(['model', 'show', 'seed', '--format', 'json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { parameters, layers } = JSON.parse(stdout);
  expect(parameters).toEqual({ trainable: 674273, other: 1792 });
  const sum = (of: 'trainable' | 'other') =>
    layers.reduce(
      (total: number, layer: { parameters: typeof parameters }) => total + layer.parameters[of],
      0,
    );
  expect({ trainable: sum('trainable'), other: sum('other') }).toEqual(parameters);
  const table = await runCommand(['model', 'show', 'seed']);
  expect(table.stdout).toContain('674273 trainable, 1792 other');
});
