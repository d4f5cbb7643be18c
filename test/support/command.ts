import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `giemsa` with these arguments.
 * @param onLine gets every whole line of stderr, and may send the command a signal
 * @param input goes to its stdin
 * @param script the command's, where it is not the checkout's
 */
export function runCommand(
  args: readonly string[],
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  input = '',
  script = main,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [script, ...args]);
  // A command that ends before it has read all of it is no error here.
  child.stdin.on('error', () => undefined).end(input);
  let stdout = '';
  let stderr = '';
  let seen = 0;
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
    for (let end = stderr.indexOf('\n', seen); end >= 0; end = stderr.indexOf('\n', seen)) {
      onLine(stderr.slice(seen, end), (signal) => child.kill(signal));
      seen = end + 1;
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * Runs `giemsa` with an input that does not end, and sends it a signal, or closes its output, once it has printed some rows.
 */
export function interruptCommand(
  args: readonly string[],
  input: string,
  rows: number,
  how: NodeJS.Signals | 'close',
): Promise<CommandResult> {
  const child = spawn(process.execPath, [main, ...args]);
  let stdout = '';
  let stderr = '';
  let done = false;
  child.stdin.on('error', () => undefined).write(input);
  child.stdout.on('data', (text) => {
    stdout += text;
    if (done || stdout.split('\n').length <= rows) return;
    done = true;
    if (how === 'close') child.stdout.destroy();
    else child.kill(how);
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => child.stdin.destroy());
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
