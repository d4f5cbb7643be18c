import { stringify } from 'csv-stringify/sync';

/** Data goes to stdout in one of these; everything else goes to stderr. */
export const FORMATS = ['table', 'json', 'jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export type Value = string | number | boolean | null | undefined | NestedValue;
/** A list of rows within a row: for JSON. */
export type NestedValue = readonly object[];
export type Row = Readonly<Record<string, Value>>;

/** Writes rows to stdout: `jsonl` and `csv` one by one as they come, `table` and `json` at the end. */
export interface RowWriter {
  write(row: Row): Promise<void>;
  end(): Promise<void>;
}

/** @param columns names of the fields, in the order of the columns; a missing field is empty, in JSON null */
export function rowWriter(columns: readonly string[], format: Format): RowWriter {
  const rows: Row[] = [];
  let header = format === 'csv';
  return {
    async write(row) {
      if (format === 'jsonl') await writeData(`${JSON.stringify(pick(row, columns))}\n`);
      else if (format === 'csv') {
        await writeData(formatCsv([row], columns, header));
        header = false;
      } else rows.push(row);
    },
    async end() {
      if (header) await writeData(formatCsv([], columns, true));
      if (format === 'table') await writeData(formatTable(rows, columns));
      if (format === 'json') await writeData(formatJson(rows.map((row) => pick(row, columns))));
    },
  };
}

/** All rows at once, as `rowWriter` does. */
export async function writeRows(
  rows: Iterable<Row>,
  columns: readonly string[],
  format: Format,
): Promise<void> {
  const writer = rowWriter(columns, format);
  for (const row of rows) await writer.write(row);
  await writer.end();
}

/** Writes to stdout and waits until it can take more. */
export function writeData(text: string): Promise<void> {
  if (process.stdout.write(text)) return Promise.resolve();
  return new Promise((resume) => process.stdout.once('drain', resume));
}

/** A line for people, on stderr. Control characters (of file names, say) are escaped. */
export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

export function formatCsv(rows: readonly Row[], columns: readonly string[], header: boolean): string {
  return stringify([...rows], { header, columns: [...columns], cast: { boolean: String, number: String } });
}

/** Columns aligned by their widest cell; numbers to the right, with four decimals where the column needs any. */
export function formatTable(rows: readonly Row[], columns: readonly string[]): string {
  const cells = columns.map((column) => {
    const values = rows.map((row) => row[column]);
    const numbers = values.filter((value) => typeof value === 'number');
    const decimals = numbers.every(Number.isInteger) ? 0 : 4;
    const texts = [column, ...values.map((value) => tableCell(value, decimals))];
    const width = Math.max(...texts.map(({ length }) => length));
    const right = numbers.length > 0 && values.every((value) => value == null || typeof value === 'number');
    return texts.map((text) => (right ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = Array.from({ length: rows.length + 1 }, (_, i) =>
    cells
      .map((column) => column[i])
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function tableCell(value: Value, decimals: number): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? value.toFixed(decimals) : printable(String(value));
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

/** The text on one line: control characters, which could also drive a terminal, written as `\n`, `\x1b` and so on. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

const CONTROL = /\p{Cc}/gu;
