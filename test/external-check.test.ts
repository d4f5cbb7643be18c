import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { describeReal, realData } from './support/real-data.ts';
import { temporaryFolder } from './support/temporary.ts';

const script = fileURLToPath(new URL('../scripts/external-check.mjs', import.meta.url));

describeReal('scripts/external-check.mjs on a few real fields', () => {
  const out = join(temporaryFolder(), 'external.json');
  // biome-ignore lint/suspicious/noExplicitAny: figures as plain data
  let result: any;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [
      script,
      '--data',
      realData(''),
      '--fields',
      '2',
      '--out',
      out,
    ]);
    result = JSON.parse(readFileSync(out, 'utf8'));
  }, 600_000);

  it('finds nearly every cell that is not cut off by the edge', () => {
    for (const set of [result.iml, result.chula]) {
      const count = (types: Record<string, number> = {}) => Object.values(types).reduce((a, b) => a + b, 0);
      const { edge, 'not found': lost, size, ...others } = set.leftOut;
      const used = count(set.used);
      expect(set.fields).toBe(2);
      expect(used + [edge, lost, size, ...Object.values(others)].reduce((sum, n) => sum + count(n), 0)).toBe(
        set.annotated,
      );
      expect(used / (used + count(lost) + count(size))).toBeGreaterThan(0.95);
    }
  });

  it('brings cells to the size of the training cells', () => {
    const { diameter } = result.trainingCell;
    expect(diameter).toBeGreaterThan(115);
    expect(diameter).toBeLessThan(140);
    // By the README of the data, a red cell is about 70 pixels wide in one set and 36 in the other.
    expect(result.iml.cellDiameter.median).toBeGreaterThan(60);
    expect(result.iml.cellDiameter.median).toBeLessThan(80);
    expect(result.chula.cellDiameter.median).toBeGreaterThan(30);
    expect(result.chula.cellDiameter.median).toBeLessThan(42);
  });

  it('says with which model, command and data, and gives figures within their intervals', () => {
    expect(result.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.command).toBe('node scripts/external-check.mjs --fields 2');
    for (const colour of ['raw', 'normalised']) {
      const { rocAuc, interval } = result.iml[colour].overall;
      expect(rocAuc).toBeGreaterThanOrEqual(interval[0]);
      expect(rocAuc).toBeLessThanOrEqual(interval[1]);
      const { per1000, upper, cells } = result.chula[colour].half;
      expect(per1000).toBeLessThanOrEqual(upper);
      expect(cells).toBe(
        Object.values(result.chula.used as Record<string, number>).reduce((a, b) => a + b, 0),
      );
    }
  });
});

const result = new URL('../docs/results/default/external.json', import.meta.url);
const notRun = existsSync(result) ? '' : ' (skipped: external.json is still to be made)';
it.skipIf(notRun !== '')(`external.md has the figures of external.json${notRun}`, async () => {
  const page = new URL('../docs/results/default/external.md', import.meta.url);
  const { tables } = await import(new URL('../scripts/external/page.mjs', import.meta.url).href);
  expect(readFileSync(page, 'utf8')).toContain(tables(JSON.parse(readFileSync(result, 'utf8'))));
});
