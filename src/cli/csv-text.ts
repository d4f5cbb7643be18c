import { stringify } from 'csv-stringify/sync';
import type { Row } from './output.ts';

export function formatCsv(rows: readonly Row[], columns: readonly string[], header: boolean): string {
  return stringify([...rows], { header, columns: [...columns], cast: { boolean: String, number: String } });
}
