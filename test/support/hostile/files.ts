import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { goodPng } from '../bad-images.ts';
import { zip } from '../zip.ts';

/** A file that is not what a command wants: made at a path, and what the command must say of it. */
export interface HostileFile {
  readonly name: string;
  make(path: string): void;
  readonly says: RegExp;
}

/** Bytes or text in place of a good file. */
export function bytes(name: string, data: Uint8Array | string, says: RegExp): HostileFile {
  return { name, make: (path) => writeFileSync(path, data), says };
}

/** What no file should be, whatever it is to hold. */
export function notFiles(): HostileFile[] {
  const link = (target: string) => (path: string) => symlinkSync(target, path);
  return [
    { name: 'missing', make: () => {}, says: /does not exist/ },
    { name: 'a folder', make: (path) => mkdirSync(path), says: /folder/ },
    { name: 'a pipe', make: (path) => execFileSync('mkfifo', [path]), says: /not a regular file/ },
    { name: 'a link to a device', make: link('/dev/zero'), says: /not a regular file/ },
    { name: 'a link to itself', make: (path) => symlinkSync(path, path), says: /circle/ },
    { name: 'a broken link', make: link('nowhere'), says: /does not exist/ },
    { name: 'a link to a folder', make: (path) => symlinkSync(dirname(path), path), says: /folder/ },
    { name: '3 gigabytes of nothing', make: (path) => sparse(path, 3e9), says: /over the limit/ },
  ];
}

/** Files of other kinds. */
export function otherKinds(says: RegExp): HostileFile[] {
  const kinds: Record<string, Uint8Array | string> = {
    'an image': goodPng,
    'an archive': zip([{ name: 'a.csv', data: 'name\n' }]),
    'a gzip file': gzipSync('name,label,patient,part\n'.repeat(50)),
    zeros: new Uint8Array(5000),
    'a web page': '<!doctype html>\n<title>404</title>\n<p>Not found</p>\n',
  };
  return Object.entries(kinds).map(([name, data]) => bytes(name, data, says));
}

/** A large file that takes no place on the disk. */
function sparse(path: string, size: number): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
}
