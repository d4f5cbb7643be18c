import { parse } from 'csv-parse/sync';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from './file-error.ts';
import { readTextFile } from './text-file.ts';

/** Longest row; NLM's mapping files have up to a few hundred image names in one. */
const mostRowCharacters = 2 ** 20;

/**
 * The rows of a CSV file as lists of fields, blank lines left out; rows may differ in length.
 *
 * @throws GiemsaError `unreadable-file`, `file-too-large`, `not-text`, `bad-csv`; each names the file
 */
export async function readCsvRows(path: string): Promise<string[][]> {
  const text = await readTextFile(path);
  try {
    return parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      relax_quotes: true,
      max_record_size: mostRowCharacters,
    });
  } catch (error) {
    throw new GiemsaError('bad-csv', `${path} is not a CSV file: ${fileError(error)}`, { cause: error });
  }
}

/**
 * The rows of a CSV file with a header, as records of the columns asked for; others are left out.
 *
 * @param optional columns that a file may lack: its records then lack them, too
 * @throws GiemsaError as `readCsvRows`
 */
export async function readCsvRecords<Column extends string, Optional extends string = never>(
  path: string,
  columns: readonly Column[],
  optional: readonly Optional[] = [],
): Promise<(Record<Column, string> & Partial<Record<Optional, string>>)[]> {
  const [header = [], ...rows] = await readCsvRows(path);
  const wanted = [...columns, ...optional.filter((column) => header.includes(column))];
  const places = wanted.map((column) => placeOf(path, header, column, columns));
  return rows.map((row, i) => {
    if (row.length !== header.length) {
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: ${row.length} fields where the header has ${header.length}`,
      );
    }
    return Object.fromEntries(wanted.map((column, c) => [column, row[places[c]]])) as Record<Column, string> &
      Partial<Record<Optional, string>>;
  });
}

function placeOf(
  path: string,
  header: readonly string[],
  column: string,
  columns: readonly string[],
): number {
  const place = header.indexOf(column);
  if (place < 0) {
    const separated = header.length === 1 && /[;\t|]/.test(header[0]) ? ', with commas between them' : '';
    throw new GiemsaError(
      'bad-csv',
      `${path} lacks the column ${column}: its first line must name ${columns.join(',')}${separated}. Received: ${header.join(',').slice(0, 100) || 'nothing'}`,
    );
  }
  if (header.includes(column, place + 1)) {
    throw new GiemsaError('bad-csv', `${path} has the column ${column} twice: which one is meant?`);
  }
  return place;
}
