/** Data goes to stdout in one of these; everything else goes to stderr. */
export const FORMATS = ['table', 'json', 'jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export type Value = string | number | boolean | null | undefined | NestedValue;
/** A list of rows within a row: for JSON. */
export type NestedValue = readonly object[];
export type Row = Readonly<Record<string, Value>>;

/**
 * Rows that a table waits for, so that its columns have their width. Later rows come one by one: a wider cell then pushes
 * the rest of its row to the right.
 */
export const TABLE_ROWS = 1000;

/** Writes rows to stdout as they come, in any number; a table writes its first `TABLE_ROWS` together. */
export interface RowWriter {
  write(row: Row): Promise<void>;
  end(): Promise<void>;
}

/** @param columns names of the fields, in the order of the columns; a missing field is empty, in JSON null */
export function rowWriter(columns: readonly string[], format: Format): RowWriter {
  if (format === 'table') return tableWriter(columns);
  if (format === 'json') return jsonWriter(columns);
  let header = format === 'csv';
  return {
    async write(row) {
      if (format === 'jsonl') return writeData(`${JSON.stringify(pick(row, columns))}\n`);
      await writeData((await csvText())([row], columns, header));
      header = false;
    },
    async end() {
      if (header) await writeData((await csvText())([], columns, true));
    },
  };
}

/** Loaded only where it is asked for: a command for one image should start at once. */
async function csvText() {
  const { formatCsv } = await import('./csv-text.ts');
  return formatCsv;
}

function tableWriter(columns: readonly string[]): RowWriter {
  let waiting: Row[] = [];
  let layout: TableColumn[] | undefined;
  const writeWaiting = async () => {
    layout = tableLayout(waiting, columns);
    const rows = waiting;
    waiting = [];
    await writeData(tableText([heading(columns), ...rows], layout));
  };
  return {
    async write(row) {
      if (layout) return writeData(tableText([row], layout));
      waiting.push(row);
      if (waiting.length === TABLE_ROWS) await writeWaiting();
    },
    async end() {
      if (!layout) await writeWaiting();
    },
  };
}

/** A list as `formatJson` would write it. */
function jsonWriter(columns: readonly string[]): RowWriter {
  let before = '[\n';
  return {
    async write(row) {
      const item = JSON.stringify(pick(row, columns), undefined, 2).replaceAll('\n', '\n  ');
      await writeData(`${before}  ${item}`);
      before = ',\n';
    },
    end: () => writeData(before === ',\n' ? '\n]\n' : '[]\n'),
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

/** Columns aligned by their widest cell; numbers to the right, with four decimals where the column needs any. */
export function formatTable(rows: readonly Row[], columns: readonly string[]): string {
  return tableText([heading(columns), ...rows], tableLayout(rows, columns));
}

interface TableColumn {
  readonly name: string;
  readonly width: number;
  readonly decimals: number;
  readonly right: boolean;
}

function tableLayout(rows: readonly Row[], columns: readonly string[]): TableColumn[] {
  return columns.map((name) => {
    const values = rows.map((row) => row[name]);
    const numbers = values.filter((value) => typeof value === 'number');
    const decimals = numbers.every(Number.isInteger) ? 0 : 4;
    const width = values.reduce<number>(
      (widest, value) => Math.max(widest, tableCell(value, decimals).length),
      name.length,
    );
    const right = numbers.length > 0 && values.every((value) => value == null || typeof value === 'number');
    return { name, width, decimals, right };
  });
}

function heading(columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((name) => [name, name]));
}

function tableText(rows: readonly Row[], layout: readonly TableColumn[]): string {
  const line = (row: Row) =>
    layout
      .map(({ name, width, decimals, right }) => {
        const text = tableCell(row[name], decimals);
        return right ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
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
