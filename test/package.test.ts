import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const MB = 1e6;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Folders of all packages that `npm install --omit=dev` would install, found as Node finds them. */
function productionPackages(): string[] {
  const found = new Set<string>();
  const add = (folder: string) => {
    const { dependencies, optionalDependencies } = manifest(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const own = installed(name, folder);
      if (own === undefined && optionalDependencies?.[name]) continue;
      if (own === undefined) throw new Error(`${name}, which ${folder} needs, is not installed`);
      if (found.has(own)) continue;
      found.add(own);
      add(own);
    }
  };
  add(root);
  return [...found];
}

function installed(name: string, folder: string): string | undefined {
  for (let at = folder; at.length >= root.length - 1; at = join(at, '..')) {
    const own = join(at, 'node_modules', name);
    if (existsSync(own)) return own;
  }
  return undefined;
}

/** The files of a package, without the packages within it. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

test('the package without its models is under 1 MB, packed', () => {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 50_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files, size }] = JSON.parse(text) as [{ files: { path: string }[]; size: number }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain('dist/cli/main.js');
  expect(paths.filter((path) => path.includes('.test.'))).toEqual([]);
  const models = paths.filter((path) => path.startsWith('models/'));
  const packedModels = models.map((path) => gzipSync(readFileSync(join(root, path)), { level: 9 }).length);
  expect(size - packedModels.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1 * MB);
});

test('what it installs is under 30 MB, with nothing built for one machine and nothing run on install', () => {
  const packages = productionPackages();
  expect(packages.length).toBeGreaterThanOrEqual(Object.keys(manifest(root).dependencies ?? {}).length);
  const files = packages.flatMap(filesOf);
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(30 * MB);
  expect(files.filter((file) => file.endsWith('.node'))).toEqual([]);
  // npm builds a package that has a binding.gyp, script or not.
  expect(packages.filter((folder) => existsSync(join(folder, 'binding.gyp')))).toEqual([]);
  const scripts = [root, ...packages].flatMap((folder) => Object.keys(manifest(folder).scripts ?? {}));
  expect(scripts.filter((name) => ['preinstall', 'install', 'postinstall'].includes(name))).toEqual([]);
});

test('the command is executable after a build, as npx needs it in a checkout', () => {
  expect(statSync(join(root, 'dist/cli/main.js')).mode & 0o111).toBe(0o111);
});
