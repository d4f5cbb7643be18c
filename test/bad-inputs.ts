import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badFiles, goodPng, type Outcome } from './support/bad-images.ts';
import { writeFiles } from './support/temporary.ts';
import { zip } from './support/zip.ts';

/** What `classify` must say of one input. */
export interface BadInput {
  /** As it must be named: the path as given and the path within. */
  readonly file: string;
  readonly outcome: Outcome;
}

/**
 * Makes more than a hundred inputs that are broken, lying, hostile or oddly named, among some that can be read. `paths`
 * is what to give the command; `inputs` what each must come to, in any order.
 */
export function makeBadInputs(root: string): { paths: string[]; inputs: BadInput[] } {
  const folder = join(root, 'folder');
  const files = badFiles();
  writeFiles(folder, Object.fromEntries(Object.entries(files).map(([name, { bytes }]) => [name, bytes])));
  const inputs: BadInput[] = Object.entries(files).map(([name, { outcome }]) => ({
    file: `${folder}/${name}`,
    outcome,
  }));
  inputs.push(...makeLinks(root, folder));
  const archives = makeArchives(root);
  inputs.push(...archives.inputs);
  const missing = join(root, 'missing.png');
  const text = join(root, 'given by name.txt');
  writeFileSync(text, 'no image, but named by the user');
  const bare = join(root, 'image without ending');
  writeFileSync(bare, goodPng);
  const unreadable = Object.values(makeUnreadable(root));
  inputs.push(
    ...unreadable.map((file) => ({ file, outcome: 'error' as const })),
    { file: missing, outcome: 'error' },
    { file: text, outcome: 'error' },
    { file: bare, outcome: 'read' },
  );
  return { paths: [folder, missing, text, bare, ...unreadable, ...archives.paths], inputs };
}

/** Paths of what stands there but can be read by nobody: to be given by their own names. */
export function makeUnreadable(root: string) {
  const [pipe, socket, forbidden] = ['pipe.png', 'socket.png', 'forbidden.png'].map((name) =>
    join(root, name),
  );
  // Nobody writes to it: to open it as a file is to wait for ever.
  execFileSync('mkfifo', [pipe]);
  // By its name alone, as a socket's path must be short.
  const listen = "require('net').createServer().listen('socket.png', () => process.exit())";
  execFileSync(process.execPath, ['-e', listen], { cwd: root });
  writeFileSync(forbidden, goodPng);
  chmodSync(forbidden, 0);
  return {
    pipe,
    socket,
    // Root passes over the mode of a file, but not over that of Linux's own files that are only for writing.
    forbidden: process.getuid?.() === 0 ? '/sys/bus/platform/uevent' : forbidden,
    // It can be opened, but no byte of it can be read.
    memory: '/proc/self/mem',
  };
}

/** Links, a pipe, and what only the file system can do wrong. */
function makeLinks(root: string, folder: string): BadInput[] {
  const outside = join(root, 'outside.png');
  writeFileSync(outside, goodPng);
  const links = join(folder, 'links');
  mkdirSync(links);
  writeFileSync(join(links, 'target.png'), goodPng);
  const to: Record<string, [string, Outcome]> = {
    'inside.png': ['target.png', 'read'],
    'outside.png': [outside, 'error'],
    'relative-outside.png': ['../../outside.png', 'error'],
    'system.png': ['/etc/hostname', 'error'],
    'device.png': ['/dev/zero', 'error'],
    'broken.png': ['nowhere.png', 'error'],
    'itself.png': ['itself.png', 'error'],
    circle: ['..', 'error'],
  };
  for (const [name, [target]] of Object.entries(to)) symlinkSync(target, join(links, name));
  execFileSync('mkfifo', [join(links, 'pipe.png')]);
  mkdirSync(join(links, 'folder.png'));
  return [
    { file: `${links}/target.png`, outcome: 'read' },
    { file: `${links}/pipe.png`, outcome: 'error' },
    ...Object.entries(to).map(([name, [, outcome]]) => ({ file: `${links}/${name}`, outcome })),
  ];
}

function makeArchives(root: string): { paths: string[]; inputs: BadInput[] } {
  const good = { name: 'good.png', data: goodPng };
  const image = (name: string) => ({ name, data: goodPng });
  const entries = join(root, 'entries.zip');
  writeFileSync(
    entries,
    zip([
      good,
      { ...image('packed.png'), deflate: true },
      image('../escape.png'),
      image('/absolute.png'),
      image('C:/drive.png'),
      { name: 'link.png', data: '/etc/passwd', mode: 0o120777 },
      { ...image('secret.png'), encrypted: true },
      { ...image('method-12.png'), method: 12 },
      { ...image('checksum.png'), crc: 1 },
      { ...image('shorter.png'), deflate: true, size: 10 },
      { ...image('longer.png'), deflate: true, size: 100_000 },
      { name: 'bomb.png', data: new Uint8Array(100_000_000), deflate: true },
      { ...image('claims-4-gigabytes.png'), deflate: true, size: 4_000_000_000 },
      { name: 'new\nline.png', data: goodPng },
      { name: 'inner.zip', data: zip([good]) },
      { name: 'Thumbs.db', data: 'x' },
    ]),
  );
  const outcomes: Record<string, Outcome> = {
    'good.png': 'read',
    'packed.png': 'read',
    'new\nline.png': 'read',
    'inner.zip': 'ignored',
    'Thumbs.db': 'ignored',
  };
  const bad = [
    '../escape',
    '/absolute',
    'C:/drive',
    'link',
    'secret',
    'method-12',
    'checksum',
    'shorter',
    'longer',
    'bomb',
  ];
  for (const name of [...bad, 'claims-4-gigabytes']) outcomes[`${name}.png`] = 'error';
  const whole = Buffer.from(zip([good, image('b.png')]));
  const directory = whole.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  const end = whole.length - 22;
  const many = Buffer.from(whole);
  many.writeUInt16LE(0xfff0, end + 10);
  const beyond = Buffer.from(whole);
  beyond.writeUInt32LE(0x7fffffff, end + 16);
  const broken: Record<string, Uint8Array> = {
    'cut.zip': whole.subarray(0, whole.length - 30),
    'directory.zip': Buffer.concat([
      whole.subarray(0, directory),
      Buffer.from('XX'),
      whole.subarray(directory + 2),
    ]),
    'directory-beyond.zip': beyond,
    'only-start.zip': whole.subarray(0, 4),
  };
  for (const [name, bytes] of Object.entries(broken)) writeFileSync(join(root, name), bytes);
  // The directory ends after two of the entries that are promised: what is there is read, then the archive is reported.
  writeFileSync(join(root, 'promises.zip'), many);
  return {
    paths: [entries, ...Object.keys(broken).map((name) => join(root, name)), join(root, 'promises.zip')],
    inputs: [
      ...Object.entries(outcomes).map(([name, outcome]) => ({ file: `${entries}/${name}`, outcome })),
      ...Object.keys(broken).map((name) => ({ file: join(root, name), outcome: 'error' as const })),
      { file: `${root}/promises.zip/good.png`, outcome: 'read' },
      { file: `${root}/promises.zip/b.png`, outcome: 'read' },
      { file: join(root, 'promises.zip'), outcome: 'error' },
    ],
  };
}
