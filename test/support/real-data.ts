import { join } from 'node:path';
import { describe, it } from 'vitest';

const folder = process.env['GIEMSA_DATA'];

/**
 * Tests on real cells: `file(path)` is a path within the folder that GIEMSA_DATA names. Without it they are skipped by
 * name; with CI set they fail, so that no run passes by leaving them out.
 */
export function describeReal(name: string, tests: (file: (path: string) => string) => void): void {
  if (folder) {
    describe(name, () => tests((path) => join(folder, path)));
  } else if (process.env['CI']) {
    it(name, () => {
      throw new Error(
        'GIEMSA_DATA is not set: it names the folder of real data (nih-sample-2000.zip, nih-meta)',
      );
    });
  } else {
    describe.skip(`${name} (GIEMSA_DATA is not set)`, () => tests((path) => path));
  }
}
