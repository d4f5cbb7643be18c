import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPredictions } from './predictions-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giemsa-predictions-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, 'predictions.csv');
  await writeFile(path, text);
  return path;
}

test('columns in any order, others left out, a byte order mark', async () => {
  const path = await file(
    '\ufeffprobability,name,note,patient,part,label\n0.25,a.png,x,P1,test,parasitized\n',
  );
  expect(await readPredictions(path)).toEqual([
    { name: 'a.png', label: 'parasitized', patient: 'P1', part: 'test', probability: 0.25 },
  ]);
});

test('reasons of cells that are indeterminate; none where the column is empty', async () => {
  const path = await file(
    'name,label,patient,part,probability,reason\na,parasitized,P1,test,1,\nb,uninfected,P2,test,0.5,two cells\n',
  );
  expect((await readPredictions(path)).map(({ reason }) => reason)).toEqual([null, 'two cells']);
});

test('what classify prints is no file of predictions', async () => {
  const path = await file('file,label,probability,threshold,reason,error\na.png,parasitized,1,0.5,,\n');
  await expect(readPredictions(path)).rejects.toThrow('its labels are calls, not the truth');
});

test('folds in place of parts are one part, out-of-fold', async () => {
  const path = await file(
    'name,label,patient,fold,probability\na,parasitized,P1,0,1\nb,uninfected,P2,4,1e-3\n',
  );
  const rows = await readPredictions(path);
  expect(rows.map(({ part, probability }) => [part, probability])).toEqual([
    ['out-of-fold', 1],
    ['out-of-fold', 0.001],
  ]);
});

test('--positive says which label is parasitized', async () => {
  const path = await file('name,label,patient,part,probability\na,Infected,P1,test,1\nb,Healthy,P2,test,0\n');
  expect((await readPredictions(path, 'Infected')).map(({ label }) => label)).toEqual([
    'parasitized',
    'uninfected',
  ]);
  await expect(readPredictions(path, 'infected')).rejects.toThrow(
    '--positive infected needs two labels, one of them infected. Received: Infected, Healthy',
  );
});

describe('mistakes name the file and the row', () => {
  const header = 'name,label,patient,part,probability\n';
  test.each([
    ['no column', 'name,label,patient,part,score\na,parasitized,P1,test,1\n', 'lacks the column probability'],
    ['no header', 'a.png,parasitized,P1,test,0.5\n', 'lacks the column name'],
    ['an empty file', '', 'lacks the column name'],
    ['a header only', header, 'has no predictions'],
    ['another label', `${header}a,Parasitized,P1,test,1\n`, 'row 2: label must be parasitized or uninfected'],
    [
      'an empty score',
      `${header}a,parasitized,P1,test,1\nb,uninfected,P1,test,\n`,
      'row 3: probability must be a number from 0 to 1. Received: nothing',
    ],
    ['no number', `${header}a,parasitized,P1,test,high\n`, 'Received: high'],
    ['not a number', `${header}a,parasitized,P1,test,NaN\n`, 'Received: NaN'],
    ['a logit', `${header}a,parasitized,P1,test,-2.5\n`, 'Received: -2.5'],
    ['a short row', `${header}a,parasitized,P1\n`, 'row 2: 3 fields where the header has 5'],
  ])('%s', async (_, text, message) => {
    const path = await file(text);
    const error = await readPredictions(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'GiemsaError', code: 'bad-csv' });
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });
});

test('a cell that is there twice would make intervals too narrow: refused, naming both rows', async () => {
  const row = 'a.png,parasitized,P1,test,0.5\n';
  const header = 'name,label,patient,part,probability\n';
  const doubled = await file(`${header}${row}b.png,uninfected,P1,test,0.5\n${row}`);
  await expect(readPredictions(doubled)).rejects.toThrow('row 4: the cell "a.png" is in row 2 already');
  // Another label, another patient or another part is another cell.
  const others = [
    'a.png,uninfected,P1,test,0.5',
    'a.png,parasitized,P2,test,0.5',
    'a.png,parasitized,P1,val,0.5',
  ];
  expect(await readPredictions(await file(`${header}${row}${others.join('\n')}\n`))).toHaveLength(4);
});
