import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import { GiemsaError } from '../cells/errors.ts';
import type { Cell, Label } from './cell.ts';
import { readCsvRecords } from './csv.ts';
import { byCodePoint } from './stored-file.ts';
import { writeFileWhole } from './write-file.ts';

export type Part = 'train' | 'val' | 'test';
export const parts: readonly Part[] = ['train', 'val', 'test'];

/** Which part a cell belongs to; `label` as published. */
export interface SplitRow {
  readonly name: string;
  readonly label: Label;
  /** Empty if not known. */
  readonly patient: string;
  readonly part: Part;
}

/** Shares of training, validation and test, each 0 or more, in any unit: 80, 10, 10 or .8, .1, .1. */
export type Ratio = readonly [number, number, number];

/** The rows of cells put into parts, sorted by label and name. */
export function splitRows(cells: readonly Cell[], partOf: (cell: Cell, index: number) => Part): SplitRow[] {
  return cells
    .map((cell, i) => ({ name: cell.name, label: cell.label, patient: cell.patient, part: partOf(cell, i) }))
    .sort((a, b) => byCodePoint(a.label, b.label) || byCodePoint(a.name, b.name));
}

/** The shares as fractions of one. @throws GiemsaError `bad-ratio` */
export function fractions(ratio: Ratio): [number, number, number] {
  const sum = ratio[0] + ratio[1] + ratio[2];
  if (!(sum > 0) || !ratio.every((share) => Number.isFinite(share) && share >= 0) || ratio[0] === 0) {
    throw new GiemsaError(
      'bad-ratio',
      `a ratio is three shares for train, validation and test, as 80/10/10. Received: ${ratio.join('/')}`,
    );
  }
  return [ratio[0] / sum, ratio[1] / sum, ratio[2] / sum];
}

/**
 * Writes `name,label,patient,part`, whole or not at all.
 *
 * @throws GiemsaError `cannot-write`
 */
export async function writeSplit(path: string, rows: readonly SplitRow[]): Promise<void> {
  await writeFileWhole(path, splitCsv(rows));
}

/** The text of a split's file. */
export function splitCsv(rows: readonly SplitRow[]): string {
  return stringify([...rows], { header: true, columns: ['name', 'label', 'patient', 'part'] });
}

/**
 * Reads a split written by `writeSplit` or any other tool.
 *
 * @throws GiemsaError `unreadable-file` or `bad-csv`, naming the row.
 */
export async function readSplit(path: string): Promise<SplitRow[]> {
  const records = await readCsvRecords(path, ['name', 'label', 'patient', 'part']);
  const seen = new Set<string>();
  return records.map(({ name, label, patient, part }, i) => {
    const where = `${path}, row ${i + 2}`;
    if (label !== 'parasitized' && label !== 'uninfected') {
      throw new GiemsaError(
        'bad-csv',
        `${where}: label must be parasitized or uninfected. Received: ${label}`,
      );
    }
    if (part !== 'train' && part !== 'val' && part !== 'test') {
      throw new GiemsaError('bad-csv', `${where}: part must be train, val or test. Received: ${part}`);
    }
    const key = `${label}/${name}`;
    if (seen.has(key)) throw new GiemsaError('bad-csv', `${where}: ${key} is there twice`);
    seen.add(key);
    return { name, label, patient, part };
  });
}

/** SHA-256 over the sorted lines `label/name part`: the same for the same split, whatever wrote it. */
export function splitFingerprint(rows: readonly SplitRow[]): string {
  return sha256Lines(rows.map((row) => `${row.label}/${row.name} ${row.part}`));
}

/** SHA-256 over the sorted lines `Parasitized/name` and `Uninfected/name` of one part. */
export function partFingerprint(rows: readonly SplitRow[], part: Part): string {
  const folders = { parasitized: 'Parasitized', uninfected: 'Uninfected' };
  return sha256Lines(
    rows.filter((row) => row.part === part).map((row) => `${folders[row.label]}/${row.name}`),
  );
}

/** SHA-256 over lines, sorted and joined by a line feed. */
export function sha256Lines(lines: readonly string[]): string {
  return createHash('sha256')
    .update([...lines].sort(byCodePoint).join('\n'))
    .digest('hex');
}
