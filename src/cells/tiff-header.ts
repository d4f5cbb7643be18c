import { GiemsaError } from './errors.ts';

/** What the first directory of a TIFF says of its image (TIFF 6.0, section 8), with the defaults of the standard. */
export interface TiffHeader {
  width: number;
  height: number;
  bits: number;
  channels: number;
  photometric: number;
  compression: number;
  orientation: number;
  planar: boolean;
  sampleFormat: number;
  rowsPerStrip: number;
  strips: { offset: number; length: number }[];
  tiled: boolean;
  /** 1, or 2 for "more than one". */
  pages: number;
}

/** Bytes of one value, by field type 1 to 12. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** Fields that point to other directories: decoders follow them, possibly in circles. */
const pointers = [0x8769, 0x8825];

/** Reads the first directory, every length checked against the file. */
export function readTiffHeader(bytes: Uint8Array): TiffHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  if (bytes.length < 8) throw damaged('it ends in the header');
  const start = view.getUint32(4, little);
  if (start + 2 > bytes.length) throw damaged('its directory lies beyond the end');
  const entries = view.getUint16(start, little);
  const end = start + 2 + 12 * entries;
  if (end + 4 > bytes.length) throw damaged('its directory is cut off');
  const fields = new Map<number, number[]>();
  let valueBytes = 0;
  for (let at = start + 2; at < end; at += 12) {
    const tag = view.getUint16(at, little);
    const type = view.getUint16(at + 2, little);
    const count = view.getUint32(at + 4, little);
    const size = (typeBytes[type] ?? 0) * count;
    const offset = size > 4 ? view.getUint32(at + 8, little) : at + 8;
    valueBytes += size;
    if (offset + size > bytes.length || valueBytes > bytes.length)
      throw damaged('a field lies beyond the end');
    if (pointers.includes(tag))
      throw new GiemsaError('unsupported-image', 'a TIFF with EXIF data: save it as PNG');
    if (type === 3 || type === 4) fields.set(tag, readIntegers(view, offset, type, count, little));
  }
  return headerOf(fields, view.getUint32(end, little) === 0 ? 1 : 2);
}

function readIntegers(
  view: DataView,
  offset: number,
  type: number,
  count: number,
  little: boolean,
): number[] {
  return Array.from({ length: count }, (_, i) =>
    type === 3 ? view.getUint16(offset + 2 * i, little) : view.getUint32(offset + 4 * i, little),
  );
}

function headerOf(fields: ReadonlyMap<number, number[]>, pages: number): TiffHeader {
  const one = (tag: number, otherwise: number) => fields.get(tag)?.[0] ?? otherwise;
  const lengths = fields.get(279) ?? [];
  return {
    width: one(256, 0),
    height: one(257, 0),
    bits: one(258, 1),
    channels: one(277, 1),
    photometric: one(262, 0),
    compression: one(259, 1),
    orientation: one(274, 1),
    planar: one(284, 1) === 2,
    sampleFormat: one(339, 1),
    rowsPerStrip: one(278, 2 ** 32 - 1),
    strips: (fields.get(273) ?? []).map((offset, i) => ({ offset, length: lengths[i] ?? 0 })),
    tiled: fields.has(322) || fields.has(324),
    pages,
  };
}

function damaged(why: string): GiemsaError {
  return new GiemsaError('damaged-image', `damaged or truncated TIFF: ${why}`);
}
