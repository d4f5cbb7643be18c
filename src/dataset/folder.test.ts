import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { walkFolder } from './folder.ts';
import type { Found } from './stored-file.ts';

vi.mock('node:fs/promises', { spy: true });

const temporary = temporaryFolder();

async function walkAll(root: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const entry of walkFolder(root)) found.push(entry);
  return found;
}

test('links that fan out do not multiply: each folder is walked once', async () => {
  const root = join(temporary, 'fan');
  for (let i = 0; i <= 18; i++) mkdirSync(join(root, `f${i}`), { recursive: true });
  for (let i = 0; i < 18; i++) {
    for (const name of ['a', 'b']) symlinkSync(join(root, `f${i + 1}`), join(root, `f${i}`, name));
  }
  writeFileSync(join(root, 'f18', 'cell.png'), '');
  const found = await walkAll(root);
  expect(found.filter((entry) => !('error' in entry))).toHaveLength(1);
  // 19 folders in the root and 36 links, of which 19 were walked.
  const errors = found.flatMap((entry) => ('error' in entry ? [entry] : []));
  expect(errors).toHaveLength(19 + 36 - 19);
  expect(errors.at(-1)).toEqual({
    path: 'f9',
    error: `the same folder as f0/${'a/'.repeat(8)}a, which is read: not read again`,
  });
});

test('a folder of too many entries is refused, however deep', async () => {
  const root = join(temporary, 'many');
  mkdirSync(join(root, 'within'), { recursive: true });
  const listed = await files.readdir(root, { withFileTypes: true });
  vi.mocked(files.readdir).mockResolvedValueOnce(listed as never);
  vi.mocked(files.readdir).mockResolvedValueOnce(new Array(200_000).fill(listed[0]) as never);
  await expect(walkAll(root)).rejects.toMatchObject({
    code: 'folder-too-large',
    message: `${root} holds more than 200000 files and folders`,
  });
});
