import type { Cell, Label } from '../dataset/cell.ts';
import type { SplitRow } from '../dataset/split.ts';
import type { CellFacts } from './cell-facts.ts';

/** In pixels. */
export interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Sizes {
  readonly width: Range;
  readonly height: Range;
}

/** How many patients have cells of a label. */
export interface PatientCounts {
  readonly known: number;
  /** Cells whose patient is not known. */
  readonly unknownCells: number;
  readonly withParasitized: number;
  readonly withUninfected: number;
  readonly withBoth: number;
  /** None of their cells is parasitized. */
  readonly healthy: number;
  readonly parasitizedCells: Range | null;
  readonly uninfectedCells: Range | null;
}

/** Cells of one patient. */
export interface PatientCells {
  readonly patient: string;
  readonly parasitized: number;
  readonly uninfected: number;
}

export function rangeOf(values: readonly number[]): Range | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] / 2 + sorted[Math.ceil(place)] / 2;
  return { min: sorted[0], median: at((sorted.length - 1) / 2), max: sorted[sorted.length - 1] };
}

/** Null where there are no cells. */
export function sizesOf(facts: readonly CellFacts[]): Sizes | null {
  const width = rangeOf(facts.map((one) => one.width));
  const height = rangeOf(facts.map((one) => one.height));
  return width && height && { width, height };
}

/** Known patients, those with most parasitized cells first. */
export function cellsByPatient(cells: readonly Pick<Cell, 'patient' | 'label'>[]): PatientCells[] {
  const counts = new Map<string, Record<Label, number>>();
  for (const { patient, label } of cells) {
    if (patient === '') continue;
    const own = counts.get(patient) ?? { parasitized: 0, uninfected: 0 };
    own[label]++;
    counts.set(patient, own);
  }
  return [...counts]
    .map(([patient, own]) => ({ patient, ...own }))
    .sort(
      (a, b) =>
        b.parasitized - a.parasitized || b.uninfected - a.uninfected || (a.patient < b.patient ? -1 : 1),
    );
}

export function countPatients(
  cells: readonly Pick<Cell, 'patient'>[],
  patients: readonly PatientCells[],
): PatientCounts {
  const parasitized = patients.map((own) => own.parasitized).filter((count) => count > 0);
  const uninfected = patients.map((own) => own.uninfected).filter((count) => count > 0);
  return {
    known: patients.length,
    unknownCells: cells.filter(({ patient }) => patient === '').length,
    withParasitized: parasitized.length,
    withUninfected: uninfected.length,
    withBoth: parasitized.length + uninfected.length - patients.length,
    healthy: patients.length - parasitized.length,
    parasitizedCells: rangeOf(parasitized),
    uninfectedCells: rangeOf(uninfected),
  };
}

/** Cells and patients of one part of a split. */
export interface PartCounts {
  readonly part: SplitRow['part'];
  readonly cells: number;
  readonly parasitized: number;
  readonly uninfected: number;
  readonly patients: number;
}

export function countParts(split: readonly SplitRow[]): PartCounts[] {
  return (['train', 'val', 'test'] as const).map((part) => {
    const own = split.filter((row) => row.part === part);
    const parasitized = own.filter(({ label }) => label === 'parasitized').length;
    return {
      part,
      cells: own.length,
      parasitized,
      uninfected: own.length - parasitized,
      patients: cellsByPatient(own).length,
    };
  });
}
