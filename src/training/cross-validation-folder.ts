import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { GiemsaError } from '../cells/errors.ts';
import type { Cell } from '../dataset/cell.ts';
import { countPatients } from '../dataset/split-by-patient.ts';
import { readTextFile } from '../dataset/text-file.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import {
  checkSameRun,
  createRunFolder,
  type DataRecord,
  type RunRecord,
  removeUnfinished,
  runPaths,
  writeJson,
} from './run-folder.ts';
import { versionsOfRun } from './version.ts';

/** run.json of a cross-validation: what was trained on what. Each fold has a run.json of its own. */
export interface CrossValidationRecord
  extends Pick<
    RunRecord,
    'giemsa' | 'resumedWith' | 'node' | 'platform' | 'recipe' | 'seed' | 'threads' | 'fast'
  > {
  readonly data: DataRecord;
  /** SHA-256 over the sorted lines `label/name label`, the second as trained on. */
  readonly labels: string;
  readonly split: {
    /** SHA-256 over the sorted lines `label/name fold`. */
    readonly fingerprint: string;
    readonly protocol: string;
    /** Where the folds are from: drawn by the seed, or a file as the user gave it. */
    readonly from: string;
    readonly folds: readonly { readonly fold: number; readonly patients: number; readonly cells: number }[];
  };
  readonly leftOut: RunRecord['leftOut'];
  readonly status: 'training' | 'interrupted' | 'finished';
  readonly times: { readonly started: string; readonly finished: string | null };
}

/** What `giemsa cross-validate` leaves in its folder, beside a run folder for each fold. */
export function crossValidationPaths(folder: string) {
  const { run, metrics, predictions } = runPaths(folder);
  return {
    run,
    metrics,
    predictions,
    folds: join(folder, 'folds.csv'),
    fold: (fold: number) => join(folder, `fold-${fold}`),
  };
}

/**
 * Makes the folder, or goes on with the cross-validation in it.
 * @returns the record to go on with
 * @throws GiemsaError `run-exists`, `resume-mismatch`
 */
export async function openCrossValidation(
  folder: string,
  now: CrossValidationRecord,
): Promise<CrossValidationRecord> {
  const path = crossValidationPaths(folder).run;
  if (!existsSync(path)) {
    await createRunFolder(folder);
    await writeJson(path, now);
    return now;
  }
  const earlier = await readCrossValidation(path);
  if (!earlier) {
    throw new GiemsaError(
      'run-exists',
      `${folder} holds something else than a cross-validation: give another --out`,
    );
  }
  checkSameRun(folder, earlier, now);
  if (earlier.labels !== now.labels) {
    throw new GiemsaError(
      'resume-mismatch',
      `${folder} cannot be resumed: the labels trained on (--review) changed since it was started. Start a new one with another --out.`,
    );
  }
  await removeUnfinished(folder);
  const record = {
    ...now,
    ...versionsOfRun(earlier, now.giemsa),
    leftOut: earlier.leftOut,
    times: { ...now.times, started: earlier.times.started },
  };
  await writeJson(path, record);
  return record;
}

async function readCrossValidation(path: string): Promise<CrossValidationRecord | undefined> {
  try {
    const record = JSON.parse(await readTextFile(path));
    return Array.isArray(record?.split?.folds) && record.data && record.times ? record : undefined;
  } catch {
    return undefined;
  }
}

/** `patient,fold,parasitized,uninfected`: to be given to another cross-validation with `--folds`. */
export async function writeFolds(
  path: string,
  cells: readonly Cell[],
  foldOf: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = countPatients(cells).map(({ name, parasitized, uninfected }) => ({
    patient: name,
    fold: foldOf.get(name),
    parasitized,
    uninfected,
  }));
  const columns = ['patient', 'fold', 'parasitized', 'uninfected'];
  await writeFileWhole(path, stringify(rows, { header: true, columns }));
}
