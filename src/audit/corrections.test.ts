import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { applyCorrections, readCorrections } from './corrections.ts';

const root = temporaryFolder();
const cells = [
  { name: 'a.png', label: 'parasitized' },
  { name: 'b.png', label: 'uninfected' },
] as const;

function read(...rows: string[]) {
  const path = join(root, 'corrections.csv');
  writeFileSync(path, ['name,label,corrected,who,when,why', ...rows, ''].join('\n'));
  return readCorrections(path, cells);
}

it('reads who says what, when and why', async () => {
  const corrections = await read(
    'a.png,parasitized,uninfected,A. Reader,2026-01-31,a platelet',
    'b.png,uninfected,uninfected,B. Reader,2026-01-31T10:00:00Z,"clean, looked at twice"',
  );
  expect(corrections[1]).toEqual({
    ...cells[1],
    corrected: 'uninfected',
    who: 'B. Reader',
    when: '2026-01-31T10:00:00Z',
    why: 'clean, looked at twice',
  });
  expect(applyCorrections(cells, corrections)).toEqual([
    { name: 'a.png', label: 'uninfected' },
    { name: 'b.png', label: 'uninfected' },
  ]);
  expect(cells[0].label).toBe('parasitized');
});

const good = 'a.png,parasitized,uninfected,A. Reader,2026-01-31,a platelet';
test.each([
  ['who is missing', 'a.png,parasitized,uninfected,,2026-01-31,a platelet', /row 2: who must be filled in/],
  ['why is blank', 'a.png,parasitized,uninfected,A. Reader,2026-01-31, ', /row 2: why must be filled in/],
  [
    'when is no date',
    'a.png,parasitized,uninfected,A. Reader,yesterday,x',
    /row 2: when must be a date .*yesterday/,
  ],
  ['when is no day', 'a.png,parasitized,uninfected,A. Reader,2026-02-31,x', /row 2: when must be a date/],
  [
    'corrected is no label',
    'a.png,parasitized,infected,A. Reader,2026-01-31,x',
    /row 2: corrected must be parasitized or uninfected. Received: infected/,
  ],
  [
    'another published label',
    'a.png,uninfected,parasitized,A. Reader,2026-01-31,x',
    /row 2 corrects uninfected\/a\.png, which is none of the cells/,
  ],
])('%s: refused, with row and field', async (_, row, reason) => {
  await expect(read(row)).rejects.toThrow(reason);
  await expect(read(row)).rejects.toThrow(/corrections\.csv/);
});

it('a cell corrected twice is refused', async () => {
  await expect(read(good, good)).rejects.toThrow(/row 3 corrects parasitized\/a\.png a second time/);
});
