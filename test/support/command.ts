import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CHILD_LIMITS } from './limits.ts';

export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A signal that the command sends itself as it prints a line. */
export interface SignalAt {
  readonly signal: NodeJS.Signals;
  /** How the line of stderr begins; the first one counts. */
  readonly line: string;
  /** Only once this file or folder is there. */
  readonly exists?: string;
}

export interface CommandOptions {
  /** Goes to its stdin. */
  readonly input?: string;
  readonly signalAt?: SignalAt;
  /** Nobody reads its stderr, as with `2>&1 | head`. */
  readonly closedStderr?: boolean;
  /** The command's, where it is not the checkout's. */
  readonly script?: string;
}

const hook = new URL('signal-itself.js', import.meta.url).href;

/** Runs `giemsa` with these arguments. */
export function runCommand(
  args: readonly string[],
  { input = '', signalAt, closedStderr = false, script = main }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...(signalAt ? ['--import', hook] : []), script, ...args], {
    env: { ...process.env, ...(signalAt && { GIEMSA_TEST_SIGNAL: JSON.stringify(signalAt) }) },
    ...CHILD_LIMITS,
  });
  // A command that ends before it has read all of it is no error here.
  child.stdin.on('error', () => undefined).end(input);
  if (closedStderr) child.stderr.destroy();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
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
  const child = spawn(process.execPath, [main, ...args], CHILD_LIMITS);
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
