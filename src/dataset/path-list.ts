import { GiemsaError } from '../cells/errors.ts';

/** Longer than any path a file system takes (Linux 4,096 bytes, Windows 32,767 characters). */
const mostBytes = 32_768;
const BYTE_ORDER_MARK = '\ufeff';

export interface PathListOptions {
  /** Paths end in NUL bytes, as those of `find -print0`, not in line ends. */
  readonly nulls?: boolean;
}

/**
 * The paths of a list, one a line, as they come: only the one being read is held. Line ends of Windows and a byte order
 * mark are no part of a path; empty lines are passed over.
 *
 * @throws GiemsaError `bad-list` for what is no list of paths
 */
export async function* readPathList(
  chunks: AsyncIterable<Uint8Array>,
  { nulls = false }: PathListOptions = {},
): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(nulls ? 0 : 10); end >= 0; end = bytes.indexOf(nulls ? 0 : 10, start)) {
      const path = pathOf(bytes.subarray(start, end), ++number, nulls);
      if (path !== '') yield path;
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > mostBytes) throw tooLong(number + 1);
  }
  const last = pathOf(rest, number + 1, nulls);
  if (last !== '') yield last;
}

function pathOf(bytes: Uint8Array, number: number, nulls: boolean): string {
  if (bytes.length > mostBytes) throw tooLong(number);
  const text = Buffer.from(bytes).toString('utf8');
  if (nulls) return text;
  if (text.includes('\0')) {
    throw new GiemsaError(
      'bad-list',
      `entry ${number} of the list of paths holds a NUL byte: give --null where paths end in them (find -print0), else save the list as UTF-8, one path a line`,
    );
  }
  const line = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function tooLong(number: number): GiemsaError {
  return new GiemsaError(
    'bad-list',
    `entry ${number} of the list of paths is longer than ${mostBytes} bytes: it is no list of paths, one a line (or, with --null, ended by NUL bytes)`,
  );
}
