import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRunFolder, removeUnfinished } from './run-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'giemsa-run-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

const split = 'name,label,patient,part\na.png,parasitized,P1,train\n';
const id = '0b8fc5d2-6f6c-4f2e-9a55-3f1c2b7a9d10';

function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

test('a folder where a run was killed before its first run.json is taken again', async () => {
  const folder = folderWith('killed', {
    'split.csv': split,
    [`.run.json.${id}.tmp`]: '{',
    [`.split.csv.${id}.tmp`]: 'name',
    '.4711.lock': '',
  });
  await createRunFolder(folder, split);
  expect(readdirSync(folder)).toEqual(['.4711.lock', 'split.csv']);
});

test.each([
  ['a split that the run would overwrite', { 'split.csv': `${split}b.png,uninfected,C2,test\n` }, split],
  ['a split, where there is to be none', { 'split.csv': split }, undefined],
  ['a file of someone', { 'split.csv': split, 'notes.txt': '' }, split],
  ['a temporary file of someone', { '.mine.tmp': '' }, split],
])('refused, and nothing touched: %s', async (name, files, own) => {
  const folder = folderWith(name, files);
  await expect(createRunFolder(folder, own)).rejects.toMatchObject({ code: 'run-exists' });
  expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
});

test('a run that can be resumed is refused with the command that does it', async () => {
  const folder = folderWith('begun', { 'split.csv': split, 'run.json': '{}' });
  await expect(createRunFolder(folder, split)).rejects.toThrow(`giemsa train --resume ${folder}`);
});

test('files that were not finished are removed, and nothing of someone else', async () => {
  const theirs = { 'notes.tmp': '', '.mine.tmp': '', [`history.csv.${id}.tmp`]: '' };
  const folder = folderWith('resumed', {
    ...theirs,
    [`.history.csv.${id}.tmp`]: '',
    [`.run.json.${id}.tmp`]: '',
  });
  mkdirSync(join(folder, 'x.tmp'));
  await removeUnfinished(folder);
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(theirs), 'x.tmp'].sort());
});
