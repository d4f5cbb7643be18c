import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { checkFolder, writeFileWhole } from './write-file.ts';

describe('writeFileWhole', () => {
  const folder = temporaryFolder();

  it('makes folders and replaces what was there', async () => {
    const path = join(folder, 'a', 'b', 'file.txt');
    await writeFileWhole(path, 'one');
    await writeFileWhole(path, new TextEncoder().encode('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.txt']);
  });

  it('writes to where a link leads, with the permissions that were there', async () => {
    const [file, link] = [join(folder, 'private.csv'), join(folder, 'link.csv')];
    writeFileSync(file, 'old', { mode: 0o600 });
    symlinkSync('private.csv', link);
    await writeFileWhole(link, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readlinkSync(link)).toBe('private.csv');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('replaces no pipe and no device, and hangs on no path', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(writeFileWhole(pipe, 'x')).rejects.toThrow('it is there already, and no regular file');
    expect(statSync(pipe).isFIFO()).toBe(true);
    await expect(writeFileWhole('/proc/none/file.csv', 'x')).rejects.toMatchObject({ code: 'cannot-write' });
    const dangling = join(folder, 'dangling');
    symlinkSync('missing', dangling);
    await expect(writeFileWhole(dangling, 'x')).rejects.toThrow('a link that leads nowhere');
    await expect(writeFileWhole(join(dangling, 'a', 'b'), 'x')).rejects.toMatchObject({
      code: 'cannot-write',
    });
    await expect(checkFolder(join(dangling, 'a'))).rejects.toThrow('a link that leads nowhere');
  });

  it('tells before long work whether a folder can be written to', async () => {
    writeFileSync(join(folder, 'list.txt'), '');
    await expect(checkFolder(join(folder, 'yet', 'to', 'be'))).resolves.toBeUndefined();
    await expect(checkFolder(join(folder, 'list.txt', 'x'))).rejects.toMatchObject({ code: 'cannot-write' });
    expect(readdirSync(folder)).not.toContain('yet');
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
