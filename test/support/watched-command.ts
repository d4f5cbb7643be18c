import { spawn } from 'node:child_process';
import { type CommandResult, main } from './command.ts';
import { CHILD_LIMITS } from './limits.ts';

const hook = new URL('peak-memory.js', import.meta.url).href;

/**
 * Runs `giemsa` with these arguments and measures its peak memory, in MB.
 * @param patience seconds that may pass from one row to the next, after the first: then it hangs, is killed, and the
 *   promise rejects with the last row
 */
export function runWatched(
  args: readonly string[],
  patience: number,
): Promise<CommandResult & { readonly peakMemory: number }> {
  const child = spawn(process.execPath, ['--import', hook, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...CHILD_LIMITS,
  });
  const texts = ['', '', '', ''];
  for (const at of [1, 2, 3]) {
    child.stdio[at]?.on('data', (text) => {
      texts[at] += text;
    });
  }
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    child.stdout?.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        const last = texts[1].trimEnd().split('\n').at(-1);
        reject(new Error(`no row for ${patience} s after ${last}`));
      }, 1000 * patience);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      const [, stdout, stderr, memory] = texts;
      resolve({ status, stdout, stderr, peakMemory: Number(memory) / 1000 });
    });
  });
}
