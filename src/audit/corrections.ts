import { GiemsaError, inFile } from '../cells/errors.ts';
import type { Label } from '../dataset/cell.ts';
import { readCsvRecords } from '../dataset/csv.ts';

/** What a person says of a label: who, when and why are part of it. */
export interface Correction {
  readonly name: string;
  /** As published. */
  readonly label: Label;
  /** The same where the person confirms the label. */
  readonly corrected: Label;
  readonly who: string;
  /** A date, YYYY-MM-DD, with or without a time. */
  readonly when: string;
  readonly why: string;
}

const FIELDS = ['name', 'label', 'corrected', 'who', 'when', 'why'] as const;

/**
 * Reads a CSV with the columns `name,label,corrected,who,when,why`, none of them empty.
 *
 * @param cells those that can be corrected
 * @throws GiemsaError `bad-csv` naming row and field; `unknown-correction` for a cell that is none of these
 */
export async function readCorrections(
  path: string,
  cells: readonly { readonly name: string; readonly label: Label }[],
): Promise<Correction[]> {
  const records = await readCsvRecords(path, FIELDS);
  const corrections = records.map((record, i): Correction => {
    const wrong = (field: string, expected: string) =>
      new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: ${field} must be ${expected}. Received: ${record[field as keyof typeof record].slice(0, 40) || 'nothing'}`,
      );
    for (const field of FIELDS) if (record[field].trim() === '') throw wrong(field, 'filled in');
    const labelOf = (field: 'label' | 'corrected'): Label => {
      const value = record[field];
      if (value === 'parasitized' || value === 'uninfected') return value;
      throw wrong(field, 'parasitized or uninfected');
    };
    if (!isDate(record.when)) throw wrong('when', 'a date as 2026-01-31');
    return { ...record, label: labelOf('label'), corrected: labelOf('corrected') };
  });
  return inFile(path, () => {
    checkCells(corrections, cells);
    return corrections;
  });
}

function isDate(text: string): boolean {
  const [, day] =
    /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text) ?? [];
  // Date takes the 31st of April for the 1st of May.
  return day !== undefined && !Number.isNaN(Date.parse(text)) && new Date(day).toISOString().startsWith(day);
}

function checkCells(
  corrections: readonly Correction[],
  cells: readonly { readonly name: string; readonly label: Label }[],
): void {
  const known = new Set(cells.map(keyOf));
  const seen = new Set<string>();
  for (const [i, correction] of corrections.entries()) {
    const key = keyOf(correction);
    if (!known.has(key)) {
      throw new GiemsaError(
        'unknown-correction',
        `row ${i + 2} corrects ${key}, which is none of the cells: label must be the published one`,
      );
    }
    if (seen.has(key))
      throw new GiemsaError('bad-csv', `row ${i + 2} corrects ${key} a second time: which is meant?`);
    seen.add(key);
  }
}

/** The cells with the labels that a person gave them; the others as they are. The cells given are not changed. */
export function applyCorrections<C extends { readonly name: string; readonly label: Label }>(
  cells: readonly C[],
  corrections: readonly Correction[],
): C[] {
  const corrected = new Map(corrections.map((row) => [keyOf(row), row.corrected]));
  return cells.map((cell) => ({ ...cell, label: corrected.get(keyOf(cell)) ?? cell.label }));
}

function keyOf({ label, name }: { readonly label: Label; readonly name: string }): string {
  return `${label}/${name}`;
}
