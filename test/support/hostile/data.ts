import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goodPng } from '../bad-images.ts';
import { zip } from '../zip.ts';
import { bytes, type HostileFile, notFiles, otherKinds } from './files.ts';

/** What is no data set, or not one that can be used: folders and archives. */
export function hostileData(): HostileFile[] {
  const archive = /zip archive/;
  const image = (name: string) => ({ name, data: goodPng });
  const pair = [image('Parasitized/a.png'), image('Uninfected/b.png')];
  const whole = Buffer.from(zip(pair));
  const links = (path: string) => {
    mkdirSync(path);
    for (const name of ['Parasitized', 'Uninfected']) symlinkSync(path, join(path, name));
  };
  return [
    ...notFiles()
      .filter(({ name }) => !/folder|nothing/.test(name))
      .map((file) =>
        file.name === 'a broken link' || file.name === 'missing' ? { ...file, says: /does not exist/ } : file,
      ),
    ...otherKinds(/zip archive|no folder Parasitized/),
    folder('an empty folder', {}, /no folder Parasitized or Uninfected.*Found: nothing/),
    folder('no label folders', { 'a.png': goodPng, 'b/c.png': goodPng }, /no folder Parasitized/),
    folder('no images', { 'Parasitized/a.txt': 'x', 'Uninfected/Thumbs.db': 'x' }, /no images/),
    folder(
      'two data sets',
      Object.fromEntries(
        ['one', 'two'].flatMap((set) => [
          [`${set}/Parasitized/a.png`, goodPng],
          [`${set}/Uninfected/b.png`, goodPng],
        ]),
      ),
      /2 pairs of label folders/,
    ),
    { name: 'links in a circle', make: links, says: /no folder Parasitized|no images/ },
    bytes('an archive cut short', whole.subarray(0, whole.length - 30), archive),
    bytes('an archive without its end', whole.subarray(0, whole.length / 2), archive),
    bytes('an archive with a spoilt directory', spoilt(whole), archive),
    bytes(
      'an archive that leads out',
      zip([image('../Parasitized/a.png'), image('/Uninfected/b.png')]),
      /no images|no folder/,
    ),
    bytes('an archive of links', zip(pair.map((entry) => ({ ...entry, mode: 0o120777 }))), /no images/),
    bytes(
      'an archive with a password',
      zip(pair.map((entry) => ({ ...entry, encrypted: true }))),
      /no images/,
    ),
    bytes(
      'an archive of bombs',
      zip(pair.map(({ name }) => ({ name, data: new Uint8Array(5e7), deflate: true }))),
      /no images/,
    ),
  ];
}

function folder(name: string, files: Record<string, Uint8Array | string>, says: RegExp): HostileFile {
  const make = (path: string) => {
    mkdirSync(path);
    for (const [inner, data] of Object.entries(files)) {
      mkdirSync(join(path, inner, '..'), { recursive: true });
      writeFileSync(join(path, inner), data);
    }
  };
  return { name, make, says };
}

function spoilt(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  copy.write('XX', copy.indexOf(Buffer.from('PK\x01\x02', 'latin1')));
  return copy;
}
