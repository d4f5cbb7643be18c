import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileFile } from './files.ts';

/** A command line with something hostile in it, and what must come of it. */
export interface HostileCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly status: 1 | 2 | 3;
  /** The file at fault. */
  readonly file: string;
  readonly says: RegExp;
  /** Must not be there afterwards. */
  readonly output?: string;
}

/** Good inputs of all commands, to put one hostile file among. */
export interface GoodInputs {
  readonly root: string;
  readonly data: string;
  readonly cell: string;
  readonly model: string;
  readonly recipe: string;
  readonly split: string;
  readonly run: string;
}

/** Makes cases, each with a place of its own under the root. */
export function caseMaker({ root }: GoodInputs) {
  let made = 0;
  const newPlace = () => {
    const place = join(root, 'cases', String(made++));
    mkdirSync(place, { recursive: true });
    return place;
  };
  /** A place for one case, with the hostile file of this name in it. */
  const put = (file: HostileFile, as: string): { path: string; output: string } => {
    const place = newPlace();
    const path = join(place, as);
    file.make(path);
    return { path, output: join(place, 'output') };
  };
  /** A copy of a folder in which the hostile file takes the place of another, or none. */
  const putInto = (folder: string, file: HostileFile, as: string): { folder: string; path: string } => {
    const copy = join(newPlace(), 'folder');
    cpSync(folder, copy, { recursive: true, filter: (source) => source !== join(folder, as) });
    const path = join(copy, as);
    file.make(path);
    return { folder: copy, path };
  };
  return { newPlace, put, putInto };
}

export type CaseMaker = ReturnType<typeof caseMaker>;

/** `giemsa NAME` on each of some files. */
export function casesOf(
  maker: CaseMaker,
  files: readonly HostileFile[],
  what: string,
  as: string,
  argsOf: (path: string, output: string) => readonly string[],
  status: HostileCase['status'] = 1,
): HostileCase[] {
  return files.map((file) => {
    const { path, output } = maker.put(file, as);
    const args = argsOf(path, output);
    return { name: `${args[0]}: ${what}: ${file.name}`, args, status, file: path, says: file.says, output };
  });
}

/** The same where the file lies in a folder that is given. */
export function casesInside(
  maker: CaseMaker,
  folder: string,
  files: readonly HostileFile[],
  as: string,
  argsOf: (folder: string) => readonly string[],
): HostileCase[] {
  return files.map((file) => {
    const put = maker.putInto(folder, file, as);
    const args = argsOf(put.folder);
    const output = join(put.folder, 'report.html');
    return {
      name: `${args[0]}: ${as}: ${file.name}`,
      args,
      status: 1,
      file: put.path,
      says: file.says,
      output,
    };
  });
}

export function writeText(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}
