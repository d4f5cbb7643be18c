import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../dist/recipes/recipe.js';

export interface ChildTraining {
  readonly data: string;
  readonly out: string;
  readonly recipe: Recipe;
  readonly seed?: number;
  readonly threads?: number;
  readonly epochs?: number;
  readonly checkpointSeconds?: number;
}

/**
 * Trains in a process of its own, from the beginning or, where `out` is a run, from its checkpoint.
 * @param killAfter SIGKILL as soon as this many steps have been seen
 * @param node the Node.js to run it with
 * @returns whether it came to its end
 */
export function trainInChild(
  training: ChildTraining,
  { killAfter, node = process.execPath }: { killAfter?: number; node?: string } = {},
): Promise<'finished' | 'killed'> {
  const script = fileURLToPath(new URL('train-child.js', import.meta.url));
  const child = spawn(node, [script, JSON.stringify(training)]);
  let steps = 0;
  let errors = '';
  child.stdout.on('data', (text: Buffer) => {
    steps += text.filter((byte) => byte === 10).length;
    if (killAfter !== undefined && steps >= killAfter) child.kill('SIGKILL');
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve('finished');
      else if (signal === 'SIGKILL') resolve('killed');
      else reject(new Error(`training ended with ${status ?? signal}: ${errors}`));
    });
  });
}
