import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from './command.ts';

const script = fileURLToPath(new URL('./many-commands.js', import.meta.url));

/** As a command's; the status says so where it did not end, or took the process with it. */
export interface ManyResult extends Omit<CommandResult, 'status'> {
  readonly status: number | 'no end' | 'crash';
}

/**
 * Carries out many command lines in a few processes.
 * @param limit seconds that each may take
 */
export async function runMany(
  commands: readonly (readonly string[])[],
  { processes = 2, limit = 20 } = {},
): Promise<ManyResult[]> {
  const results: ManyResult[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: processes }, async () => {
      let child: ChildProcess | undefined;
      while (next < commands.length) {
        const at = next++;
        child ??= fork(script, { stdio: 'ignore' });
        const result = await runOne(child, commands[at], limit);
        results[at] = result;
        if (typeof result.status !== 'string') continue;
        child.kill('SIGKILL');
        child = undefined;
      }
      child?.kill();
    }),
  );
  return results;
}

function runOne(child: ChildProcess, args: readonly string[], limit: number): Promise<ManyResult> {
  return new Promise((resolve) => {
    const end = (result: ManyResult) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(result);
    };
    const timer = setTimeout(() => end({ status: 'no end', stdout: '', stderr: '' }), 1000 * limit);
    child.once('message', (result: ManyResult) => end(result));
    child.once('exit', () => end({ status: 'crash', stdout: '', stderr: '' }));
    child.send(args);
  });
}
