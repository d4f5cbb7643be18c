import type { PackageVersion } from '../training/version.ts';

/** The giemsa that a run was started with, and those that went on with it, for a reader: "0.1.0, commit 0123456789ab". */
export function versionsText(giemsa: PackageVersion, resumedWith: readonly PackageVersion[]): string {
  return [giemsa, ...resumedWith].map(versionText).join('; gone on with by ');
}

function versionText({ version, commit }: PackageVersion): string {
  return commit === null ? version : `${version}, commit ${commit.slice(0, 12)}`;
}
