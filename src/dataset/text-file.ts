import { GiemsaError } from '../cells/errors.ts';
import { readFileBounded } from './stored-file.ts';

/**
 * The text of a file, without a byte order mark: UTF-8, at most 64 MiB.
 *
 * @throws GiemsaError `unreadable-file`, `file-too-large`, `not-text`; each names the file
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFileBounded(path, path);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw notText(path, 'it is UTF-16');
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw notText(path, `byte ${zero + 1} is NUL`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText(path, `line ${firstWrongLine(bytes)} has bytes of another encoding`);
  }
}

function notText(path: string, why: string): GiemsaError {
  return new GiemsaError('not-text', `${path} is not a text file in UTF-8 (${why}): save it as UTF-8`);
}

/** From 1. A wrong byte decodes to U+FFFD, so that line does not come back as it was. */
function firstWrongLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(10, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end < 0 || !Buffer.from(Buffer.from(part).toString('utf8')).equals(part)) return line;
    start = end + 1;
  }
}
