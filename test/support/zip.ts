import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of an archive for tests, which may lie. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly deflate?: boolean;
  /** Unix mode, as 0o120777 for a link. */
  readonly mode?: number;
  readonly encrypted?: boolean;
  /** In place of the true method, checksum and size. */
  readonly method?: number;
  readonly crc?: number;
  readonly size?: number;
}

/** A zip archive (PKWARE APPNOTE 6.3), written by hand because no writer would write a bad one. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.data as Uint8Array);
    const packed = entry.deflate ? deflateRawSync(data) : data;
    // Encryption puts a header of 12 bytes before the data.
    const stored = entry.encrypted ? Buffer.concat([Buffer.alloc(12), packed]) : packed;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (entry.encrypted ? 1 : 0), 2);
    common.writeUInt16LE(entry.method ?? (entry.deflate ? 8 : 0), 4);
    common.writeUInt32LE(entry.crc ?? crc32(data), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(entry.size ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([signature(0x04034b50), common, name, stored]);
    locals.push(local);
    central.push(signature(0x02014b50), uint16(0x031e), common, tail, name);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  return Buffer.from([value & 255, value >> 8]);
}
