import { CommanderError } from 'commander';
import { printable } from './output.ts';

/** Exit status of the command: the one place where they are given. */
export const EXIT = { done: 0, failed: 1, wrongUsage: 2, someUnreadable: 3 } as const;

/** Errors with these codes exit as wrong usage; all other expected ones as failed. */
const WRONG_USAGE: readonly string[] = ['wrong-usage', 'unknown-recipe'];

/** Runs a command's work to its end and turns whatever it throws into one line on stderr and an exit status. */
export async function exitWith(work: () => Promise<unknown>): Promise<void> {
  // `giemsa ... | head` closes our output early: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    fail(error);
    process.exit();
  });
  // Nobody reads what would be said: the work is done all the same.
  process.stderr.on('error', () => {});
  try {
    await work();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const { status, text } = explain(error);
  if (text !== undefined) process.stderr.write(`giemsa: ${printable(text)}\n`);
  if (process.env['GIEMSA_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = status;
}

/** Status and text of an error; no text where it has been printed (commander's own). */
export function explain(error: unknown): { status: number; text?: string } {
  if (error instanceof CommanderError) {
    return { status: error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage };
  }
  if (!(error instanceof Error)) return { status: EXIT.failed, text: unexpected(String(error)) };
  if (isExpected(error)) {
    return { status: WRONG_USAGE.includes(error.code) ? EXIT.wrongUsage : EXIT.failed, text: error.message };
  }
  return { status: EXIT.failed, text: systemError(error) ?? unexpected(error.message || error.name) };
}

/** Our own error classes have a kebab-case code; Node's are in capitals, the language's have none. */
function isExpected(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string' && /^[a-z]+(-[a-z0-9]+)*$/.test(error.code);
}

function unexpected(message: string): string {
  return `${message} (this should not happen: run again with GIEMSA_DEBUG=1 to see where, and please report it)`;
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'no permission to read or write it',
  EPERM: 'no permission to read or write it',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'it is a file, not a folder',
  EEXIST: 'it exists already',
  ENOSPC: 'the disk is full: free some space and run again',
  EDQUOT: 'the disk quota is used up: free some space and run again',
  EROFS: 'the disk is read-only',
  EMFILE: 'too many open files: raise the limit (ulimit -n) and run again',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk could not be read or written',
};

function systemError(error: NodeJS.ErrnoException): string | undefined {
  const reason = SYSTEM_ERRORS[error.code ?? ''];
  if (reason === undefined || error.syscall === undefined) return undefined;
  return error.path === undefined ? reason : `${error.path}: ${reason}`;
}
