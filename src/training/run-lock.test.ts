import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../../test/support/temporary.ts';
import { withRunLock } from './run-lock.ts';

const root = temporaryFolder();

test('there is a file of this process while it works, and none afterwards, also where the work fails', async () => {
  const folder = join(root, 'new');
  const work = async () => readdirSync(folder);
  expect(await withRunLock(folder, work)).toEqual([`.${process.pid}.lock`]);
  expect(readdirSync(folder)).toEqual([]);
  await expect(withRunLock(folder, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(readdirSync(folder)).toEqual([]);
});

test('none is left where the process exits in the middle of the work', async () => {
  const folder = join(root, 'exits');
  const listeners = process.listeners('exit');
  await withRunLock(folder, async () => {
    const added = process.listeners('exit').filter((listener) => !listeners.includes(listener));
    for (const listener of added) listener.call(process, 0);
    expect(readdirSync(folder)).toEqual([]);
  });
  expect(process.listeners('exit')).toEqual(listeners);
});

test('another process at work is refused, named, and nothing of it touched; once it was killed it does not matter', async () => {
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const folder = join(root, 'two');
  const lock = `.${other.pid}.lock`;
  writeFiles(folder, { [lock]: '' });
  await expect(withRunLock(folder, async () => expect.fail())).rejects.toMatchObject({
    code: 'run-in-use',
    message: expect.stringContaining(`process ${other.pid} is at work on ${folder}`),
  });
  expect(readdirSync(folder)).toEqual([lock]);

  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await withRunLock(folder, async () => readdirSync(folder))).toEqual([`.${process.pid}.lock`]);
});

test('a file that a killed process of the same id left does not matter', async () => {
  const folder = join(root, 'same');
  writeFiles(folder, { [`.${process.pid}.lock`]: '' });
  expect(await withRunLock(folder, async () => 'worked')).toBe('worked');
});

test('a folder that cannot be made is named', async () => {
  writeFiles(root, { file: '' });
  await expect(withRunLock(join(root, 'file/run'), async () => {})).rejects.toMatchObject({
    code: 'cannot-write',
    message: expect.stringContaining(join(root, 'file/run')),
  });
});
