import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The package's version, and its commit where it runs in a checkout that git can read. */
export async function packageVersion(): Promise<{ version: string; commit: string | null }> {
  const root = new URL('../../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  // Without this, git would find the repository of whoever has the package in node_modules.
  if (!existsSync(new URL('.git', root))) return { version, commit: null };
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: fileURLToPath(root) });
    return { version, commit: stdout.trim() };
  } catch {
    return { version, commit: null };
  }
}
