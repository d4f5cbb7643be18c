import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { formatCsv } from './csv-text.ts';
import { formatTable, printable, type Row } from './output.ts';

const columns = ['file', 'label', 'probability'];
const rows: Row[] = [
  { file: 'a.png', label: 'parasitized', probability: 0.1 + 0.2 },
  { file: 'b,"c"\nd.png', label: null, probability: 1e-7 },
];

describe('CSV', () => {
  test('numbers keep every digit, names come back as they were', () => {
    const back = parse(formatCsv(rows, columns, true), { columns: true }) as Record<string, string>[];
    expect(back.map(({ probability }) => Number(probability))).toEqual([0.1 + 0.2, 1e-7]);
    expect(back[1]).toMatchObject({ file: 'b,"c"\nd.png', label: '' });
  });

  test('a header stands even over no rows', () => {
    expect(formatCsv([], columns, true)).toBe('file,label,probability\n');
  });
});

test('a table is aligned, numbers to the right, control characters escaped', () => {
  expect(formatTable(rows, columns).split('\n')).toEqual([
    'file          label        probability',
    'a.png         parasitized       0.3000',
    'b,"c"\\nd.png                    0.0000',
    '',
  ]);
});

test('a column of whole numbers has no decimals, one with any fraction has four', () => {
  const counts = formatTable(
    [
      { share: 1, count: 3 },
      { share: 0.5, count: null },
    ],
    ['share', 'count'],
  );
  expect(counts.split('\n').slice(1)).toEqual(['1.0000      3', '0.5000', '']);
});

test('what could drive a terminal is written out', () => {
  expect(printable('a\x1b[31m\r\n\x07\u009bé漢')).toBe('a\\x1b[31m\\r\\n\\x07\\x9bé漢');
});
