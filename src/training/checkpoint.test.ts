import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

type Header = Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'giemsa-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const figures = { loss: 0.1 + 0.2, accuracy: 0.5, rocAuc: null, sensitivity: null, specificity: 1 };
const checkpoint: Checkpoint = {
  settings: 'abc',
  epoch: 2,
  step: 3,
  history: [{ epoch: 1, learningRate: 1e-3, train: figures, val: figures, seconds: 1.5 }],
  seconds: 12.25,
  epochLoss: 1 / 3,
  epochSeconds: 0,
  best: { epoch: 1, value: 0.9 },
  patience: { value: 0.25, epochsSince: 1 },
  arrays: new Map([
    ['learner/a', new Float32Array([1, -0, Number.NaN, 1e-45, 3.4e38])],
    ['learner/empty', new Float32Array(0)],
    ['best/ü "x"', new Float32Array([0.1])],
  ]),
};

test('a checkpoint is read back to the bit', async () => {
  const path = join(folder, 'whole');
  await writeCheckpoint(path, checkpoint);
  const back = await readCheckpoint(path);
  expect(back).toEqual(checkpoint);
  expect(Object.is(back.arrays.get('learner/a')?.[1], -0)).toBe(true);
});

test('nothing but the checkpoint is left in the folder, also where one is replaced', async () => {
  const path = join(folder, 'replaced');
  await writeCheckpoint(path, checkpoint);
  await writeCheckpoint(path, { ...checkpoint, step: 4 });
  expect((await readCheckpoint(path)).step).toBe(4);
  expect(readdirSync(folder).filter((name) => name.startsWith('replaced'))).toEqual(['replaced']);
});

test('any flipped byte and any cut is found', async () => {
  const path = join(folder, 'flipped');
  await writeCheckpoint(path, checkpoint);
  const bytes = readFileSync(path);
  for (let i = 0; i < bytes.length; i += 7) {
    const flipped = Buffer.from(bytes);
    flipped[i] ^= 1;
    writeFileSync(path, flipped);
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
    writeFileSync(path, bytes.subarray(0, i));
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  }
});

test('a missing checkpoint is said to be missing', async () => {
  await expect(readCheckpoint(join(folder, 'none'))).rejects.toMatchObject({ code: 'checkpoint-missing' });
});

test('one that is there but cannot be read is not said to be missing', async () => {
  await expect(readCheckpoint(folder)).rejects.toMatchObject({
    code: 'unreadable-file',
    message: `cannot read ${folder}: it is a folder`,
  });
});

test.each([
  ['no JSON', 'not json', undefined],
  ['null', 'null', undefined],
  ['an object of nothing', '{}', undefined],
  [
    'a list with a length below 0',
    undefined,
    (header: Header) => ({ ...header, arrays: [{ name: 'a', length: -1 }] }),
  ],
  [
    'more values than there are',
    undefined,
    (header: Header) => ({ ...header, arrays: [{ name: 'a', length: 99 }] }),
  ],
  ['no epoch', undefined, ({ epoch: _epoch, ...rest }: Header) => rest],
])('a header with a right checksum: %s', async (_name, text, change) => {
  const path = join(folder, 'forged');
  await writeCheckpoint(path, checkpoint);
  const bytes = readFileSync(path);
  const start = 'giemsa-checkpoint-1\n'.length;
  const end = start + 4 + bytes.readUInt32LE(start);
  const header = Buffer.from(
    text ?? JSON.stringify(change?.(JSON.parse(bytes.toString('utf8', start + 4, end)))),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const body = Buffer.concat([bytes.subarray(0, start), length, header, bytes.subarray(end, -32)]);
  writeFileSync(path, Buffer.concat([body, createHash('sha256').update(body).digest()]));
  await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'checkpoint-damaged' });
});
