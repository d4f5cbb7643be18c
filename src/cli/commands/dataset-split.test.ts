import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeReal, realData } from '../../../test/support/real-data.ts';
import { temporaryFolder, writeFiles } from '../../../test/support/temporary.ts';
import { register } from './dataset.ts';

const folder = temporaryFolder();
let stderr = '';

beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function split(...args: string[]): Promise<string> {
  const program = new Command().exitOverride();
  register(program);
  for (const command of [...program.commands, ...program.commands.flatMap((c) => c.commands)])
    command.exitOverride();
  const out = join(folder, 'split.csv');
  await program.parseAsync(['dataset', 'split', ...args, '--out', out], { from: 'user' });
  return readFileSync(out, 'utf8');
}

/** A data set of drawn names without pixels: a split needs no more. */
function dataset(name: string, extra: Record<string, string> = {}): string {
  const cells = Array.from({ length: 120 }, (_, i) => {
    const patient = i % 12;
    const parasitized = patient % 4 !== 3 && i % 5 < 3;
    const slide = patient % 4 === 3 ? `C${patient}ThinF` : `C${patient}P${patient}ThinF`;
    return [`${parasitized ? 'Parasitized' : 'Uninfected'}/${slide}_IMG_1_cell_${i}.png`, ''];
  });
  writeFiles(join(folder, name), { ...Object.fromEntries(cells), ...extra });
  return join(folder, name);
}

describe('dataset split', () => {
  it('splits by patient without being asked, and shows the parts', async () => {
    const csv = await split(dataset('plain'), '--seed', '4');
    expect(csv).toMatch(
      /^name,label,patient,part\nC0P0ThinF_IMG_1_cell_0\.png,parasitized,P0,(train|val|test)\n/,
    );
    expect(csv.trim().split('\n')).toHaveLength(121);
    expect(stderr).toMatch(/part\s+cells\s+parasitized\s+uninfected\s+patients\s+sha256/);
    expect(stderr).not.toContain('Warning');
    expect(await split(dataset('plain'), '--seed', '4')).toBe(csv);
  });

  it('warns of the leak when it splits by cell, even when quiet', async () => {
    await split(dataset('plain'), '--by', 'cell', '--quiet');
    expect(stderr).toMatch(/^Warning: Cells of one patient are in several parts[^\n]*\n$/);
  });

  it('counts a Thumbs.db that is there as one that is made up', async () => {
    const thumbs = { 'Parasitized/Thumbs.db': '', 'Uninfected/Thumbs.db': '' };
    const there = await split(dataset('thumbs', thumbs), '--by', 'split-folders', '--seed', '1337');
    expect(await split(dataset('plain'), '--by', 'split-folders', '--seed', '1337', '--with-thumbs-db')).toBe(
      there,
    );
  });

  it('takes one fold to test and others to train, and leaves out the rest', async () => {
    const patients = Array.from({ length: 12 }, (_, i) => (i % 4 === 3 ? `C${i}` : `P${i}`));
    const lines = patients.map((patient, i) => `${patient},${Math.floor(i / 4)}`);
    writeFiles(folder, { 'folds.csv': `patient,fold\n${lines.join('\n')}\n` });
    const folds = [dataset('plain'), '--folds', join(folder, 'folds.csv'), '--test-fold', '2'];
    const partsOf = async (...args: string[]) => {
      const rows = (await split(...folds, ...args)).trim().split('\n').slice(1);
      return new Map(rows.map((row) => row.split(',').slice(2) as [string, string]));
    };
    const some = await partsOf('--train-folds', '0');
    expect([...some.keys()].sort()).toEqual(['C11', 'C3', 'P0', 'P1', 'P10', 'P2', 'P8', 'P9']);
    for (const patient of patients.slice(8)) expect(some.get(patient)).toBe('test');
    const others = patients.slice(0, 4).map((patient) => some.get(patient));
    expect(others).toContain('val');
    expect(others).toContain('train');
    expect(others).not.toContain('test');
    expect((await partsOf('--seed', '2')).size).toBe(12);
    expect(await partsOf('--train-folds', '0')).toEqual(some);
  });

  it('refuses folds that are half given, or with what they do not go with', async () => {
    for (const args of [
      ['--folds', 'folds.csv'],
      ['--test-fold', '1'],
      ['--train-folds', '1,2'],
      ['--folds', 'folds.csv', '--test-fold', '1', '--by', 'cell'],
      ['--folds', 'folds.csv', '--test-fold', '1', '--ratio', '80/10/10'],
    ]) {
      await expect(split('nowhere', ...args)).rejects.toMatchObject({ code: 'wrong-usage' });
    }
  });

  it('refuses --with-thumbs-db elsewhere, and a wrong ratio', async () => {
    await expect(split(dataset('plain'), '--with-thumbs-db')).rejects.toMatchObject({ code: 'wrong-usage' });
    await expect(split(dataset('plain'), '--ratio', '80/20')).rejects.toThrow('three shares');
  });
});

describeReal('dataset split on the sample', () => {
  it('takes 20 of 200 patients for validation and 20 for test', async () => {
    await split(realData('nih-sample-2000.zip'), '--seed', '1');
    expect(stderr).toMatch(/val\s+\d+\s+\d+\s+\d+\s+20\s/);
    expect(stderr).toMatch(/test\s+\d+\s+\d+\s+\d+\s+20\s/);
  });

  it('takes the published folds: 40 patients to test, 12 of 120 to validate', async () => {
    const folds = ['--folds', realData('nih-meta/folds.csv'), '--test-fold', '0', '--train-folds', '1,2,3'];
    await split(realData('nih-sample-2000.zip'), ...folds);
    expect(stderr).toMatch(/val\s+\d+\s+\d+\s+\d+\s+12\s/);
    expect(stderr).toMatch(/test\s+\d+\s+\d+\s+\d+\s+40\s/);
  });
});
