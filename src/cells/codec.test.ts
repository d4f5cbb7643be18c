import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { decodeImage } from './decode.ts';

test.each(['baseline-420.jpg', 'lossy.webp'])(
  'that the decoder of %s cannot be loaded is no damage of the image, names no file of this machine, and passes',
  async (name) => {
    const path = fileURLToPath(new URL(`../../test/fixtures/images/${name}`, import.meta.url));
    const bytes = new Uint8Array(readFileSync(path));
    const compile = vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new Error(`cannot read ${path}`));
    const error = await decodeImage(bytes).catch((error: unknown) => error);
    compile.mockRestore();
    expect(error).toMatchObject({ code: 'codec-unavailable' });
    expect(String(error)).not.toContain(path);
    expect((await decodeImage(bytes)).width).toBeGreaterThan(0);
  },
);
