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
});
