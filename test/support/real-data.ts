import { join } from 'node:path';
import { describe, it } from 'vitest';

const folder = process.env['GIEMSA_DATA'];

/** A path within the folder of real data that GIEMSA_DATA names. */
export function realData(path: string): string {
  return join(folder ?? 'GIEMSA_DATA', path);
}

/**
 * Tests on real cells. Without GIEMSA_DATA they are skipped by name; with CI set they fail then, so that no run passes by
 * leaving them out.
 */
export function describeReal(name: string, tests: () => void): void {
  if (folder) {
    describe(name, tests);
  } else if (process.env['CI']) {
    it(name, () => {
      throw new Error(
        'GIEMSA_DATA is not set: it names the folder of real data (nih-sample-2000.zip, nih-meta)',
      );
    });
  } else {
    describe.skip(`${name} (GIEMSA_DATA is not set)`, tests);
  }
}
