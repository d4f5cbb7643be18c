import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { writeFileWhole } from './write-file.ts';

describe('writeFileWhole', () => {
  const folder = temporaryFolder();

  it('makes folders and replaces what was there', async () => {
    const path = join(folder, 'a', 'b', 'file.txt');
    await writeFileWhole(path, 'one');
    await writeFileWhole(path, new TextEncoder().encode('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.txt']);
  });

  it('says why it cannot, and leaves nothing behind', async () => {
    writeFileSync(join(folder, 'file'), 'kept');
    mkdirSync(join(folder, 'taken', 'x'), { recursive: true });
    await expect(writeFileWhole(join(folder, 'file', 'below'), 'x')).rejects.toMatchObject({
      code: 'cannot-write',
      message: expect.stringMatching(/file.below: (a part of its path is a file|something of that name)/),
    });
    await expect(writeFileWhole(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'cannot-write' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept');
  });
});
