import { bytes, type HostileFile, notFiles, otherKinds } from './files.ts';

/** A CSV file of a command as it should be. */
export interface GoodCsv {
  readonly header: readonly string[];
  /** Three or more. */
  readonly rows: readonly (readonly string[])[];
  /** Columns that the command needs; where it does without names, none. */
  readonly needed: readonly string[];
}

const NOT_TEXT = /not a text file in UTF-8/;

/** CSV files with wrong encodings, columns, rows; each spoilt in one place. */
export function hostileCsvs(good: GoodCsv): HostileFile[] {
  const { header, rows, needed } = good;
  const text = csv(header, rows);
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  const withRow = (i: number, row: readonly string[]) => csv(header, rows.with(i, row));
  const accent = Buffer.from(withRow(1, ['caf\u00e9', ...rows[1].slice(1)]), 'latin1');
  return [
    ...notFiles(),
    ...otherKinds(/not a text file|lacks the column|cannot tell which column/),
    bytes('UTF-16', wide, /UTF-16/),
    bytes('UTF-16, the other order', Buffer.from(wide).swap16(), /UTF-16/),
    bytes('UTF-16 without a mark', wide.subarray(2), NOT_TEXT),
    bytes('Latin-1', accent, /UTF-8 \(line 3/),
    bytes('UTF-8 cut short', Buffer.concat([Buffer.from(text), Buffer.from([0xe2, 0x82])]), NOT_TEXT),
    bytes('a NUL byte', text.replace(rows[2][0], `${rows[2][0]}\0`), NOT_TEXT),
    bytes('nothing', '', /lacks the column|cannot tell/),
    bytes('only a byte order mark', '\ufeff', /lacks the column|cannot tell/),
    bytes('only blank lines', '\n\n\r\n', /lacks the column|cannot tell/),
    bytes('semicolons', text.replaceAll(',', ';'), /commas between|cannot tell/),
    bytes('tabs', text.replaceAll(',', '\t'), /commas between|cannot tell/),
    bytes('an open quote', `${text}"${rows[0].join(',')}\n`, /not a CSV file/),
    bytes('a line of 3 megabytes', `${text}${'x'.repeat(3_000_000)}\n`, /not a CSV file/),
    ...needed.flatMap((column) => [
      bytes(`no column ${column}`, without(good, column), new RegExp(`lacks the column ${column}`)),
      bytes(`two columns ${column}`, twice(good, column), new RegExp(`has the column ${column} twice`)),
      bytes(
        `a column ${column.toUpperCase()}`,
        text.replace(column, column.toUpperCase()),
        /lacks the column/,
      ),
    ]),
    ...(needed.length === 0
      ? []
      : [
          bytes('a short row', withRow(1, rows[1].slice(1)), /row 3: \d fields where the header has \d/),
          bytes('a long row', withRow(2, [...rows[2], 'more']), /row 4: \d fields where the header has \d/),
        ]),
  ];
}

/** The good file with one field of its second row changed. */
export function withField({ header, rows }: GoodCsv, column: string, value: string): string {
  return csv(header, rows.with(1, rows[1].with(header.indexOf(column), value)));
}

export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

function without({ header, rows }: GoodCsv, column: string): string {
  const at = header.indexOf(column);
  return csv(
    header.toSpliced(at, 1),
    rows.map((row) => row.toSpliced(at, 1)),
  );
}

function twice({ header, rows }: GoodCsv, column: string): string {
  return csv(
    [...header, column],
    rows.map((row) => [...row, 'x']),
  );
}
