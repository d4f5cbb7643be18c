import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPathList } from './path-list.ts';

async function read(bytes: Uint8Array | string, options?: { nulls: boolean }, size = 7): Promise<string[]> {
  const all = Buffer.from(bytes as Uint8Array);
  async function* chunks() {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const paths: string[] = [];
  for await (const path of readPathList(chunks(), options)) paths.push(path);
  return paths;
}

describe('a list of paths', () => {
  test('has one a line; line ends of Windows, blank lines and a byte order mark are passed over', async () => {
    expect(await read('\ufeffa b.png\r\n\n  c.png\nlast')).toEqual(['a b.png', '  c.png', 'last']);
    expect(await read('')).toEqual([]);
  });

  test('with NUL bytes, line ends are part of a name', async () => {
    expect(await read('new\nline.png\0b\r\0', { nulls: true })).toEqual(['new\nline.png', 'b\r']);
  });

  test('comes back as it was, wherever the chunks end', async () => {
    const path = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !/[\0\n\r\ufeff\ud800-\udfff]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(path),
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        async (paths, nulls, size) => {
          const text = paths.map((one) => one + (nulls ? '\0' : '\n')).join('');
          expect(await read(text, { nulls }, size)).toEqual(paths);
        },
      ),
    );
  });

  test('what is no list is refused before it fills the memory', async () => {
    await expect(read('a\0b\0')).rejects.toMatchObject({
      code: 'bad-list',
      message: expect.stringContaining('--null'),
    });
    await expect(read(new Uint8Array(100_000).fill(65), undefined, 1000)).rejects.toMatchObject({
      code: 'bad-list',
    });
    await expect(read(`ok\n${'x'.repeat(40_000)}\n`, undefined, 1e6)).rejects.toThrow(
      /^entry 2 of the list of paths is longer/,
    );
  });
});
