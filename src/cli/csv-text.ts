import { stringify } from 'csv-stringify/sync';

/** Rows of these columns; a missing field is empty. */
export function formatCsv(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  header: boolean,
): string {
  return stringify([...rows], { header, columns: [...columns], cast: { boolean: String, number: String } });
}
