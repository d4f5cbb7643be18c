import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { encodePng } from '../../src/cells/encode.ts';

/** What reading a file must come to. */
export type Outcome = 'error' | 'read' | 'ignored';
export type BadFiles = Record<string, { bytes: Uint8Array | string; outcome: Outcome }>;

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url)));
const error = (bytes: Uint8Array | string) => ({ bytes, outcome: 'error' as const });
const read = (bytes: Uint8Array | string) => ({ bytes, outcome: 'read' as const });
const ignored = (bytes: Uint8Array | string) => ({ bytes, outcome: 'ignored' as const });

/** A small image that can be read. */
export const goodPng = encodePng({
  width: 40,
  height: 30,
  data: Uint8Array.from({ length: 3600 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
});

/** A PNG of any chunks, checksums right: header fields as given, defaults those of a 40x30 RGB image. */
function png(
  header: Partial<Record<'width' | 'height' | 'depth' | 'type' | 'interlace', number>>,
  chunks: [string, Uint8Array][],
) {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width ?? 40, 0);
  ihdr.writeUInt32BE(header.height ?? 30, 4);
  ihdr.set([header.depth ?? 8, header.type ?? 2, 0, 0, header.interlace ?? 0], 8);
  const all: [string, Uint8Array][] = [['IHDR', ihdr], ...chunks, ['IEND', new Uint8Array(0)]];
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...all.map(([type, data]) => chunk(type, data)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const pixels = deflateSync(Buffer.alloc(30 * 121));
const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes), { level: 1 });

/** The first part of a file. */
function cut(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.slice(0, Math.floor(bytes.length * share));
}

/** The file with some bytes replaced. */
function patched(bytes: Uint8Array, at: number, values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at);
  return copy;
}

function badPngs(): BadFiles {
  const files: BadFiles = {};
  for (const length of [1, 7, 8, 20, 33, 60]) files[`cut-${length}.png`] = error(goodPng.slice(0, length));
  for (const share of [0.25, 0.5, 0.75, 0.99]) files[`cut-at-${share}.png`] = error(cut(goodPng, share));
  for (const at of [0, 17, 24, 26, 30, 45, 300, 900, goodPng.length - 15]) {
    files[`flipped-${at}.png`] = error(patched(goodPng, at, [goodPng[at] ^ 0x20]));
  }
  const sizes = {
    '0x0': [0, 0],
    '0x30': [0, 30],
    '40x0': [40, 0],
    '30000x30000': [30_000, 30_000],
    '4097x1': [4097, 1],
  };
  for (const [name, [width, height]] of Object.entries(sizes)) {
    files[`size-${name}.png`] = error(png({ width, height }, [['IDAT', pixels]]));
  }
  files['size-2147483647.png'] = error(png({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }, [['IDAT', pixels]]));
  files['bomb-pixels.png'] = error(png({}, [['IDAT', zeros(200_000_000)]]));
  files['bomb-profile.png'] = read(
    png({}, [
      ['iCCP', Buffer.concat([Buffer.from('x\0\0'), zeros(200_000_000)])],
      ['IDAT', pixels],
    ]),
  );
  files['large-but-true.png'] = read(
    png({ width: 4096, height: 4096 }, [['IDAT', zeros(4096 * (3 * 4096 + 1))]]),
  );
  files['animated.png'] = error(
    png({}, [
      ['acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])],
      ['IDAT', pixels],
    ]),
  );
  files['no-palette.png'] = error(png({ type: 3 }, [['IDAT', pixels]]));
  files['depth-3.png'] = error(png({ depth: 3 }, [['IDAT', pixels]]));
  files['colour-type-5.png'] = error(png({ type: 5 }, [['IDAT', pixels]]));
  files['interlace-7.png'] = error(png({ interlace: 7 }, [['IDAT', pixels]]));
  files['filter-9.png'] = error(png({}, [['IDAT', deflateSync(Buffer.alloc(30 * 121, 9))]]));
  files['no-pixels.png'] = error(png({}, []));
  files['few-pixels.png'] = error(png({}, [['IDAT', deflateSync(Buffer.alloc(15 * 121))]]));
  files['not-deflate.png'] = error(png({}, [['IDAT', Buffer.alloc(500, 0x55)]]));
  files['30000-chunks.png'] = error(
    png(
      {},
      Array.from({ length: 30_000 }, () => ['IDAT', new Uint8Array(0)]),
    ),
  );
  files['chunk-4-gigabytes.png'] = error(patched(goodPng, 33, [255, 255, 255, 255]));
  return files;
}

function otherBadImages(): BadFiles {
  const files: BadFiles = {};
  for (const name of [
    'cmyk.jpg',
    'animated.webp',
    'cmyk.tif',
    'tiles.tif',
    'packbits.tif',
    'pages.tif',
    'float.tif',
  ]) {
    files[name] = error(fixture(name));
  }
  for (const name of [
    'baseline-420.jpg',
    'progressive-444.jpg',
    'lossy.webp',
    'lossless.webp',
    'plain.tif',
    'lzw.tif',
  ]) {
    for (const share of [0.1, 0.6, 0.9]) files[`cut-at-${share}-${name}`] = error(cut(fixture(name), share));
  }
  const jpeg = fixture('baseline-420.jpg');
  const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
  files['size-0x0.jpg'] = error(patched(jpeg, frame + 5, [0, 0, 0, 0]));
  files['size-65535.jpg'] = error(patched(jpeg, frame + 5, [255, 255, 255, 255]));
  files['12-bit.jpg'] = error(patched(jpeg, frame + 4, [12]));
  files['segment-loop.jpg'] = error(Buffer.from('ffd8ffe00000ffe00000', 'hex'));
  files['hidden-frame.jpg'] = error(hiddenFrame(jpeg, frame));
  const webp = fixture('lossless.webp');
  files['size-16384.webp'] = error(patched(webp, 21, [255, 255, 255, 15]));
  files['unknown-chunk.webp'] = error(patched(webp, 12, [65, 65, 65, 65]));
  const tiff = fixture('deflate.tif');
  const entry = (tag: number) => {
    const view = new DataView(tiff.buffer);
    for (let at = view.getUint32(4, true) + 2; ; at += 12) if (view.getUint16(at, true) === tag) return at;
  };
  files['size-60000.tif'] = error(patched(tiff, entry(256) + 8, [0x60, 0xea, 0, 0]));
  files['directory-beyond.tif'] = error(patched(tiff, 4, [255, 255, 255, 127]));
  files['four-billion-values.tif'] = error(patched(tiff, entry(273) + 4, [255, 255, 255, 255]));
  files['strip-beyond.tif'] = error(patched(tiff, entry(273) + 8, [255, 255, 255, 127]));
  files['strips-overlap.tif'] = error(overlappingStrips(4096));
  const bmp = Buffer.alloc(54 + 40 * 30 * 3);
  bmp.write('BM');
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(40, 18);
  bmp.writeInt32LE(30, 22);
  bmp.writeUInt16LE(24, 28);
  files['good.bmp'] = read(bmp);
  files['cut.bmp'] = error(cut(bmp, 0.8));
  files['size-2147483648.bmp'] = error(patched(bmp, 22, [0, 0, 0, 128]));
  files['run-length.bmp'] = error(patched(bmp, 28, [8, 0, 1]));
  files['16-bit.bmp'] = error(patched(bmp, 28, [16]));
  return files;
}

/**
 * A frame of 12,000 x 12,000 pixels within what a reader skips that gives the marker TEM a length, as the standard does not; a small
 * frame after it.
 */
function hiddenFrame(jpeg: Uint8Array, at: number): Buffer {
  const length = 2 + Buffer.from(jpeg).readUInt16BE(at + 2);
  const small = jpeg.subarray(at, at + length);
  const rest = Buffer.concat([
    jpeg.subarray(2, at),
    patched(small, 5, [46, 224, 46, 224]),
    jpeg.subarray(at + length),
  ]);
  const skipped = Buffer.from([0xff, 0x01, (rest.length + 2) >> 8, (rest.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), skipped, rest, small, Buffer.alloc(10)]);
}

/** A TIFF one pixel wide, each of whose strips is the same Deflate data of 62 MiB: hours of unpacking in 100 KB. */
function overlappingStrips(strips: number): Buffer {
  const packed = deflateSync(Buffer.alloc(62 * 2 ** 20));
  const fields = 9;
  const data = 8 + 2 + 12 * fields + 4;
  const offsets = data + packed.length;
  const bytes = Buffer.alloc(offsets + 8 * strips);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(fields, 8);
  const values = [
    ...[
      [256, 1, 1],
      [257, 1, strips],
      [258, 1, 8],
      [259, 1, 8],
      [262, 1, 1],
    ],
    ...[
      [273, strips, offsets],
      [277, 1, 1],
      [278, 1, 1],
      [279, strips, offsets + 4 * strips],
    ],
  ];
  for (const [i, [tag, count, value]] of values.entries()) {
    bytes.writeUInt16LE(tag, 10 + 12 * i);
    bytes.writeUInt16LE(4, 12 + 12 * i);
    bytes.writeUInt32LE(count, 14 + 12 * i);
    bytes.writeUInt32LE(value, 18 + 12 * i);
  }
  bytes.set(packed, data);
  for (let i = 0; i < strips; i++) {
    bytes.writeUInt32LE(data, offsets + 4 * i);
    bytes.writeUInt32LE(packed.length, offsets + 4 * (strips + i));
  }
  return bytes;
}

function noImages(): BadFiles {
  return {
    'empty.png': error(''),
    'text.png': error('this is not an image\n'),
    'page.jpg': error('<!doctype html><title>404</title>'),
    'zeros.tif': error(new Uint8Array(5000)),
    'archive.png': error(Buffer.from('504b0304', 'hex')),
    'document.webp': error('%PDF-1.7\n'),
    'only-magic.png': error('\x89PNG\r\n\x1a\n'),
    'Thumbs.db': ignored('thumbs'),
    '.DS_Store': ignored('dots'),
    'notes.txt': ignored('notes'),
    'no-ending': ignored(goodPng),
  };
}

function oddNames(): BadFiles {
  const names = [
    'new\nline.png',
    'carriage\rreturn.png',
    'quote\'s "two".png',
    'comma, semicolon;.png',
    'back\\slash.png',
    '-leading-dash.png',
    ' leading space.png',
    'escape \x1b[31mred.png',
    'पैरासाइट.png',
    'โรคมาลาเรีย.png',
    'خلية.png',
    '細胞 🩸.png',
    'e\u0301 combining.png',
    `${'long'.repeat(60)}.png`,
    '=FORMULA().png',
    'deep/er/and/deeper/cell.PNG',
  ];
  return Object.fromEntries(names.map((name) => [name, read(goodPng)]));
}

/** Files for a folder: by path, their bytes and what reading them must come to. */
export function badFiles(): BadFiles {
  return { ...badPngs(), ...otherBadImages(), ...noImages(), ...oddNames() };
}
