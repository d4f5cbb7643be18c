import { type PackageVersion, versionText } from '../training/version.ts';

/** The giemsa that a run was started with, and those that went on with it, for a reader. */
export function versionsText(giemsa: PackageVersion, resumedWith: readonly PackageVersion[]): string {
  return [giemsa, ...resumedWith].map(versionText).join('; gone on with by ');
}
