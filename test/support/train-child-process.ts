import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../../dist/recipes/recipe.js';
import { CHILD_LIMITS } from './limits.ts';

export interface ChildTraining {
  readonly data: string;
  readonly out: string;
  readonly recipe: Recipe;
  readonly seed?: number;
  readonly threads?: number;
  readonly epochs?: number;
  readonly checkpointSeconds?: number;
}

/** When to kill a training: so long after so many steps have been seen. */
export interface KillMoment {
  readonly steps: number;
  readonly milliseconds: number;
  /** The training goes no further than to this step, so that no machine is too slow to kill it. */
  readonly leash: number;
}

/**
 * Trains in a process of its own, from the beginning or, where `out` is a run, from its checkpoint.
 * @param kill when to send SIGKILL, if at all
 * @param node the Node.js to run it with
 * @returns whether it came to its end
 */
export function trainInChild(
  training: ChildTraining,
  { kill, node = process.execPath }: { kill?: KillMoment; node?: string } = {},
): Promise<'finished' | 'killed'> {
  const script = fileURLToPath(new URL('train-child.js', import.meta.url));
  const child = spawn(node, [script, JSON.stringify({ ...training, leash: kill?.leash })], {
    timeout: CHILD_LIMITS.timeout,
  });
  let timer: NodeJS.Timeout | undefined;
  let steps = 0;
  let errors = '';
  child.stdout.on('data', (text: Buffer) => {
    steps += text.filter((byte) => byte === 10).length;
    if (kill && steps >= kill.steps) timer ??= setTimeout(() => child.kill('SIGKILL'), kill.milliseconds);
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve('finished');
      else if (signal === 'SIGKILL') resolve('killed');
      else reject(new Error(`training ended with ${status ?? signal}: ${errors}`));
    });
  });
}
