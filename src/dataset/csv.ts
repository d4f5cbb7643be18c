import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';

/** The rows of a CSV file as lists of fields, blank lines left out; rows may differ in length. */
export async function readCsvRows(path: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new GiemsaError('unreadable-file', `cannot read ${path}: ${fileError(error)}`, { cause: error });
  }
  try {
    return parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      relax_quotes: true,
    });
  } catch (error) {
    throw new GiemsaError('bad-csv', `${path} is not a CSV file: ${fileError(error)}`, { cause: error });
  }
}

/** The rows of a CSV file with a header, as records of the columns asked for; others are left out. */
export async function readCsvRecords<Column extends string>(
  path: string,
  columns: readonly Column[],
): Promise<Record<Column, string>[]> {
  const [header = [], ...rows] = await readCsvRows(path);
  const places = columns.map((column) => {
    const place = header.indexOf(column);
    if (place < 0) {
      throw new GiemsaError(
        'bad-csv',
        `${path} lacks the column ${column}: its first line must name ${columns.join(',')}. Received: ${header.join(',').slice(0, 100)}`,
      );
    }
    return place;
  });
  return rows.map((row, i) => {
    if (row.length !== header.length) {
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: ${row.length} fields where the header has ${header.length}`,
      );
    }
    return Object.fromEntries(columns.map((column, c) => [column, row[places[c]]])) as Record<Column, string>;
  });
}
