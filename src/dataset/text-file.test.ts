import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { readTextFile } from './text-file.ts';

const path = join(temporaryFolder(), 'text.csv');
const read = (bytes: Uint8Array | string) => {
  writeFileSync(path, bytes);
  return readTextFile(path);
};

test('UTF-8 comes back, without a byte order mark', async () => {
  expect(await read('\ufeffné, 細胞 🩸\r\n')).toBe('né, 細胞 🩸\r\n');
  expect(await read('')).toBe('');
});

test.each([
  ['UTF-16', Buffer.from('\ufeffa,b', 'utf16le'), 'it is UTF-16'],
  ['NUL bytes', 'a,b\n\0', 'byte 5 is NUL'],
  ['Latin-1', Buffer.from('a,b\nc,d\ncafé,e\n', 'latin1'), 'line 3 has bytes of another encoding'],
  ['Latin-1 in the last line', Buffer.from('a,b\né', 'latin1'), 'line 2 has bytes of another encoding'],
])('%s is refused with the place', async (_name, bytes, reason) => {
  await expect(read(bytes)).rejects.toMatchObject({
    code: 'not-text',
    message: `${path} is not a text file in UTF-8 (${reason}): save it as UTF-8`,
  });
});
