import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeImage, imageFormat } from './decode.ts';
import { encodePng } from './encode.ts';
import { GiemsaError } from './errors.ts';

/** A grey progressive JPEG of 64 x 64 pixels: so many scans, each of which says that all its blocks are empty (ITU T.81, G.1.2.2). */
function jpegOfScans(scans: number): Uint8Array {
  const quantisation = [0xff, 0xdb, 0, 67, 0, ...Array(64).fill(1)];
  const frame = [0xff, 0xc2, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0];
  // One code, `0`: a run of 2^5 blocks and as many more as the next five bits say.
  const huffman = [0xff, 0xc4, 0, 20, 0x10, 1, ...Array(15).fill(0), 0x50];
  // 64 blocks: twice `0` and `00000`, then ones to the end of the byte.
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0, 0b00000000, 0b00001111];
  const parts = [[0xff, 0xd8], quantisation, frame, huffman, ...Array(scans).fill(scan), [0xff, 0xd9]];
  return Uint8Array.from(parts.flat());
}

const folder = new URL('../../test/fixtures/images/', import.meta.url);
type Expected = { width: number; height: number; rgb: string } | { error: string };
const expected: Record<string, Expected> = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

describe('decodeImage', () => {
  for (const [name, want] of Object.entries(expected)) {
    if ('error' in want) {
      it(`reports ${name}`, async () => {
        await expect(decodeImage(bytesOf(name))).rejects.toMatchObject({
          name: 'GiemsaError',
          code: want.error,
        });
      });
    } else {
      it(`reads ${name} as libvips does`, async () => {
        const { width, height, data } = await decodeImage(bytesOf(name));
        expect([width, height]).toEqual([want.width, want.height]);
        // libvips cuts off where alpha is put on black, we round.
        const tolerance = name.includes('alpha') ? 1 : 0;
        const differences = Buffer.from(want.rgb, 'base64').map((value, i) => Math.abs(value - data[i]));
        expect(data.length).toBe(differences.length);
        expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
      });
    }
  }

  it('gives back any image that was encoded', async () => {
    const images = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height })
          .map((data) => ({ width, height, data })),
      );
    await fc.assert(
      fc.asyncProperty(images, async (image) => {
        expect(await decodeImage(encodePng(image))).toEqual(image);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what is no Uint8Array', async () => {
    for (const wrong of [new ArrayBuffer(9), 'cell.png', undefined, null]) {
      await expect(decodeImage(wrong as never)).rejects.toMatchObject({ code: 'not-an-image' });
    }
  });

  it('refuses a JPEG of a thousand scans, each as dear as an image, before it is decoded', async () => {
    await expect(decodeImage(jpegOfScans(1000))).rejects.toMatchObject({ code: 'image-too-large' });
    expect(await decodeImage(jpegOfScans(20))).toMatchObject({ width: 64, height: 64 });
    // As phones write it: a film behind the image, in which anything may be.
    const film = new Uint8Array(4000).map((_, i) => (i % 2 === 0 ? 0xff : 0xda));
    expect(await decodeImage(Uint8Array.from([...jpegOfScans(20), ...film]))).toMatchObject({ width: 64 });
  });

  it('throws nothing but GiemsaError, whatever follows the first bytes', async () => {
    const starts = Object.keys(expected).map((name) => bytesOf(name));
    const damaged = fc
      .record({
        start: fc.constantFrom(...starts),
        at: fc.nat(),
        flip: fc.integer({ min: 1, max: 255 }),
        keep: fc.nat(),
      })
      .map(({ start, at, flip, keep }) => {
        const bytes = start.slice(0, 12 + (keep % start.length));
        bytes[at % bytes.length] ^= flip;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const outcome = await decodeImage(bytes).catch((error: unknown) => error);
        expect(
          outcome instanceof GiemsaError || (outcome as { data: unknown }).data instanceof Uint8Array,
        ).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('finds every flipped byte of a PNG that changes pixels', async () => {
    const good = bytesOf('rgb.png');
    const pixels = (await decodeImage(good)).data;
    for (let at = 8; at < good.length; at++) {
      const bytes = good.slice();
      bytes[at] ^= 0x10;
      const outcome = await decodeImage(bytes).catch((error: unknown) => error);
      if (!(outcome instanceof GiemsaError)) expect((outcome as { data: Uint8Array }).data).toEqual(pixels);
    }
  });

  it('puts alpha on black', async () => {
    const png = encode({
      width: 3,
      height: 1,
      channels: 4,
      data: Uint8Array.of(9, 9, 9, 0, 200, 100, 50, 128, 1, 2, 3, 255),
    });
    expect([...(await decodeImage(png)).data]).toEqual([0, 0, 0, 100, 50, 25, 1, 2, 3]);
  });

  it('refuses an image over the limits by its header alone', async () => {
    const header = bytesOf('rgb.png').slice(0, 60);
    new DataView(header.buffer).setUint32(16, 30_000);
    await expect(decodeImage(header)).rejects.toMatchObject({ code: 'image-too-large' });
    const limits = { side: 18, pixels: 1000 };
    await expect(decodeImage(bytesOf('rgb.png'), limits)).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decodeImage(bytesOf('rgb.png'), { side: 19, pixels: 265 })).rejects.toMatchObject({
      code: 'image-too-large',
    });
  });

  it('says what is wrong with an empty file and with a text', async () => {
    await expect(decodeImage(new Uint8Array(0))).rejects.toThrow('the file is empty (0 bytes)');
    await expect(decodeImage(new TextEncoder().encode('hello, this is no image'))).rejects.toMatchObject({
      code: 'not-an-image',
    });
  });
});

describe('BMP', () => {
  /** A file header and a BITMAPINFOHEADER, then palette and rows. */
  const bmp = (width: number, height: number, bits: number, palette: number[], rows: number[]) => {
    const bytes = new Uint8Array(54 + palette.length + rows.length);
    const view = new DataView(bytes.buffer);
    bytes.set([0x42, 0x4d]);
    view.setUint32(10, 54 + palette.length, true);
    view.setUint32(14, 40, true);
    view.setInt32(18, width, true);
    view.setInt32(22, height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, bits, true);
    bytes.set(palette, 54);
    bytes.set(rows, 54 + palette.length);
    return bytes;
  };
  const rows24 = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0];

  it('has its rows from the bottom, or from the top where the height is negative', async () => {
    expect([...(await decodeImage(bmp(2, 2, 24, [], rows24))).data]).toEqual([
      7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6,
    ]);
    expect([...(await decodeImage(bmp(2, -2, 24, [], rows24))).data]).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
  });

  it('applies its palette', async () => {
    const palette = [30, 20, 10, 0, 60, 50, 40, 0];
    expect([...(await decodeImage(bmp(3, 1, 8, palette, [1, 0, 1, 0]))).data]).toEqual([
      40, 50, 60, 10, 20, 30, 40, 50, 60,
    ]);
    expect([...(await decodeImage(bmp(3, 1, 1, palette, [0b10100000, 0, 0, 0]))).data]).toEqual([
      40, 50, 60, 10, 20, 30, 40, 50, 60,
    ]);
  });

  it('takes the fourth byte of 32 bits for alpha where a mask says so', async () => {
    const rows32 = [3, 2, 1, 0, 6, 5, 4, 0, 9, 8, 7, 0, 12, 11, 10, 0];
    const [topDown, bottomUp] = [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6],
    ];
    expect([...(await decodeImage(bmp(2, 2, 32, [], rows32))).data]).toEqual(bottomUp);
    expect([...(await decodeImage(bmp(2, -2, 32, [], rows32))).data]).toEqual(topDown);
    // BITFIELDS: a header of 56 bytes with masks for red, green, blue and alpha.
    const masked = (alpha: number, red = 0xff0000) => {
      const masks = new Uint8Array(Uint32Array.of(red, 0xff00, 0xff, alpha).buffer);
      const bytes = bmp(2, 2, 32, [...masks], rows32);
      bytes[14] = 56;
      bytes[30] = 3;
      return decodeImage(bytes);
    };
    expect([...(await masked(0)).data]).toEqual(bottomUp);
    expect([...(await masked(0xff000000)).data]).toEqual(new Array(12).fill(0));
    await expect(masked(0, 0xff)).rejects.toMatchObject({ code: 'unsupported-image' });
  });

  it('reports run-length coding and missing rows', async () => {
    const packed = bmp(2, 2, 8, [0, 0, 0, 0], rows24);
    packed[30] = 1;
    await expect(decodeImage(packed)).rejects.toMatchObject({ code: 'unsupported-image' });
    await expect(decodeImage(bmp(2, 3, 24, [], rows24))).rejects.toThrow('truncated BMP');
  });
});

describe('imageFormat', () => {
  it('goes by the bytes', () => {
    expect(
      ['rgb.png', 'grey.jpg', 'lossy.webp', 'lzw.tif'].map((name) => imageFormat(bytesOf(name))),
    ).toEqual(['png', 'jpeg', 'webp', 'tiff']);
    expect(imageFormat(new TextEncoder().encode('RIFF1234WAVE'))).toBeUndefined();
  });
});
