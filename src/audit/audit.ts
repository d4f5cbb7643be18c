import type { CellImage } from '../cells/image.ts';
import type { Cell, Label } from '../dataset/cell.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { SplitRow } from '../dataset/split.ts';
import { threadCount } from '../engine/thread-count.ts';
import { sample } from '../recipes/random.ts';
import { cellsOfSplit, patientsInTwoParts, protocolOf, withPatients } from '../training/parts.ts';
import { type CellFacts, readCells } from './cell-facts.ts';
import {
  cellsByPatient,
  countParts,
  countPatients,
  type PartCounts,
  type PatientCells,
  type PatientCounts,
  type Sizes,
  sizesOf,
} from './counts.ts';
import { type Duplicates, findDuplicates } from './duplicates.ts';
import { PROBE_NAMES, type Probe, runProbes } from './probes.ts';

/** What is to be known of a data set before one trains on it. */
export interface Audit {
  /** Of the data set. */
  readonly fingerprint: string;
  readonly seed: number;
  /** Those that could be read; all figures are of these. */
  readonly cells: number;
  readonly labels: Readonly<Record<Label, LabelCounts>>;
  readonly sizes: Sizes | null;
  readonly patients: PatientCounts;
  /** Paths within the data set. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Files that are no images of the set. */
  readonly ignored: number;
  readonly duplicates: Duplicates;
  /** Where a split is given. */
  readonly split: SplitFacts | null;
  readonly probes: readonly Probe[];
}

export interface LabelCounts {
  readonly cells: number;
  /** With cells of this label. */
  readonly patients: number;
  readonly sizes: Sizes | null;
}

export interface SplitFacts {
  readonly protocol: string;
  readonly parts: readonly PartCounts[];
  readonly patientsInSeveralParts: number;
  /** Cells of the data set that are in no part. */
  readonly inNoPart: number;
}

export interface AuditOptions {
  readonly split?: readonly SplitRow[];
  readonly seed: number;
  /** Of reading images: 1 to 256, or 0 for all cores. */
  readonly threads: number;
  readonly onProgress?: (step: 'reading' | 'probing', done: number, total: number) => void;
}

/** The audit, and what its figures are drawn from. */
export interface AuditResult {
  readonly audit: Audit;
  readonly facts: readonly CellFacts[];
  readonly patients: readonly PatientCells[];
  /** Drawn by the seed, in this order. */
  readonly batch: readonly { readonly cell: Cell; readonly image: CellImage }[];
}

/** Cells shown with their labels. */
const BATCH = 32;

/**
 * Reads every cell once and says what a data set holds, what is wrong with it, and what would be a shortcut in it.
 *
 * @throws GiemsaError `split-mismatch` where the split is of other data; EngineError `bad-threads`
 */
export async function auditDataset(
  { path, cells, problems, ignored, fingerprint }: Dataset,
  { split: rows, seed, threads, onProgress }: AuditOptions,
): Promise<AuditResult> {
  const split = rows && withPatients(cells, rows);
  const partOf = new Map(split && cellsOfSplit(cells, split).map((cell, i) => [cell, split[i].part]));
  const drawn = sample(cells, BATCH, seed);
  const { facts, unreadable, kept } = await readCells(cells, {
    root: path,
    keep: new Set(drawn),
    threads: threadCount(threads),
    onRead: (done, total) => onProgress?.('reading', done, total),
  });
  let probed = 0;
  const probes = runProbes(facts, seed, () => onProgress?.('probing', ++probed, PROBE_NAMES.length));
  const readable = facts.map(({ cell }) => cell);
  const patients = cellsByPatient(readable);
  const audit = {
    fingerprint,
    seed,
    cells: facts.length,
    labels: {
      parasitized: countLabel(facts, patients, 'parasitized'),
      uninfected: countLabel(facts, patients, 'uninfected'),
    },
    sizes: sizesOf(facts),
    patients: countPatients(readable, patients),
    unreadable: [
      ...problems.map(({ path: inner, message }) => ({ path: inner, reason: message })),
      ...unreadable,
    ],
    ignored: ignored.length,
    duplicates: findDuplicates(facts, ({ cell }) => partOf.get(cell)),
    split: split
      ? {
          protocol: protocolOf(split),
          parts: countParts(split),
          patientsInSeveralParts: patientsInTwoParts(split).length,
          inNoPart: cells.length - partOf.size,
        }
      : null,
    probes,
  };
  return {
    audit,
    facts,
    patients,
    batch: drawn.flatMap((cell) => {
      const image = kept.get(cell);
      return image ? [{ cell, image }] : [];
    }),
  };
}

function countLabel(
  facts: readonly CellFacts[],
  patients: readonly PatientCells[],
  label: Label,
): LabelCounts {
  const own = facts.filter(({ cell }) => cell.label === label);
  return {
    cells: own.length,
    patients: patients.filter((counts) => counts[label] > 0).length,
    sizes: sizesOf(own),
  };
}
