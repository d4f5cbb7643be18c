import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface PackageVersion {
  readonly version: string;
  /** Null outside a checkout. */
  readonly commit: string | null;
}

export interface RunVersions {
  /** What the run was started with. */
  readonly giemsa: PackageVersion;
  /** Others that have gone on with it; the model's bytes may then differ from those of an uninterrupted run. */
  readonly resumedWith: readonly PackageVersion[];
}

/** The package's version, and its commit where it runs in a checkout that git can read. */
export async function packageVersion(): Promise<PackageVersion> {
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

/** The versions of a run that goes on with `now`: the one it was started with, and each other one once. */
export function versionsOfRun(
  earlier: (Pick<RunVersions, 'giemsa'> & Partial<RunVersions>) | undefined,
  now: PackageVersion,
): RunVersions {
  if (!earlier) return { giemsa: now, resumedWith: [] };
  const { giemsa, resumedWith = [] } = earlier;
  const known = [giemsa, ...resumedWith].some((version) => isSame(version, now));
  return { giemsa, resumedWith: known ? resumedWith : [...resumedWith, now] };
}

/** What to tell whoever goes on with a run in which several versions had a part; undefined where it was one. */
export function versionWarning({ giemsa, resumedWith }: RunVersions): string | undefined {
  if (resumedWith.length === 0) return undefined;
  const others = resumedWith.map(versionText).join(', ');
  return (
    `Warning: this run was started with giemsa ${versionText(giemsa)} and resumed with ${others}: its model may differ from that` +
    ' of an uninterrupted run. run.json names both.'
  );
}

function isSame(a: PackageVersion, b: PackageVersion): boolean {
  return a.version === b.version && a.commit === b.commit;
}

/** "0.1.0 (commit 0123456789ab)", for a reader. */
export function versionText({ version, commit }: PackageVersion): string {
  return commit === null ? version : `${version} (commit ${commit.slice(0, 12)})`;
}
