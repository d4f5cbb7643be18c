import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import type { LabelSet } from '../dataset/label-sets.ts';
import { writeFileWhole } from '../dataset/write-file.ts';
import { LABEL_SETS } from '../evaluation/prediction.ts';
import { validateRecipe } from '../recipes/index.ts';
import type { MetricName } from '../recipes/metric-names.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { readRunJson } from './json-file.ts';
import type { Ended } from './loop.ts';
import { isLock } from './run-lock.ts';
import type { RunVersions } from './version.ts';

/** run.json: what was trained on what, so that it can be repeated or resumed. Paths are as the user gave them. */
export interface RunRecord extends RunVersions {
  readonly node: string;
  readonly platform: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly threads: number;
  /** Relaxed SIMD: the model's last bits then depend on the processor. */
  readonly fast: boolean;
  readonly data: DataRecord;
  readonly split: {
    readonly fingerprint: string;
    /** Whether patients are told apart, e.g. `patient-disjoint`. */
    readonly protocol: string;
    readonly cells: { readonly train: number; readonly val: number; readonly test: number };
  };
  /** Cells of the split that were left out, because their file cannot be read. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  readonly status: 'training' | Ended;
  /** The epoch whose weights are the model, and the value on the validation part it was kept for (null: the last). Null where they are those of an epoch that did not end. */
  readonly kept: {
    readonly epoch: number;
    readonly metric: MetricName | null;
    readonly value: number | null;
  } | null;
  readonly times: {
    readonly started: string;
    readonly finished: string | null;
    /** Of training and validation, over all calls. */
    readonly seconds: number;
    /** Of these, how long the engine waited for pixels in the last call. */
    readonly waitedForPixels: number;
    /** How long the results took, from the last epoch to the last file; missing before there are any. */
    readonly results?: number;
  };
}

/** How the data were opened; all that `train --resume` needs to open them again. */
export interface DataRecord {
  readonly path: string;
  readonly fingerprint: string;
  readonly labelFolders?: readonly [string, string];
  readonly patients?: string | readonly string[];
  readonly labelSet: LabelSet;
  readonly review?: string;
}

export interface RunPaths {
  readonly run: string;
  readonly history: string;
  readonly model: string;
  readonly metrics: string;
  readonly predictions: string;
  readonly split: string;
  readonly checkpoint: string;
}

export function runPaths(folder: string): RunPaths {
  return {
    run: join(folder, 'run.json'),
    history: join(folder, 'history.csv'),
    model: join(folder, 'model.onnx'),
    metrics: join(folder, 'metrics.json'),
    predictions: join(folder, 'predictions.csv'),
    split: join(folder, 'split.csv'),
    checkpoint: join(folder, 'checkpoint', 'state.bin'),
  };
}

/** What a run that was killed at its very start leaves: the temporary files of its first two. */
const UNFINISHED_START = /^\.(split\.csv|run\.json)\.[\da-f-]{36}\.tmp$/;

/**
 * Makes the folder, or takes one in which a run with the same split was killed before its first run.json.
 * @param split the text of the run's split.csv; undefined where the folder is to have none
 * @throws GiemsaError `run-exists` where the folder has anything else in it, another split.csv included
 */
export async function createRunFolder(folder: string, split?: string): Promise<void> {
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => !isLock(name)) : [];
  const unfinished = names.filter((name) => UNFINISHED_START.test(name));
  const isOwnSplit = async (name: string) =>
    name === 'split.csv' && (await readFile(join(folder, name), 'utf8')) === split;
  const others = names.filter((name) => !unfinished.includes(name));
  if (others.length > 1 || (others.length === 1 && !(await isOwnSplit(others[0])))) {
    throw new GiemsaError('run-exists', `${await occupied(folder)} another --out.`);
  }
  await mkdir(folder, { recursive: true });
  for (const name of unfinished) await rm(join(folder, name), { force: true });
}

async function occupied(folder: string): Promise<string> {
  const { run } = runPaths(folder);
  if (!existsSync(run)) return `the run folder ${folder} is not empty. Give`;
  const isFinished = (await readRun(folder).catch(() => undefined))?.status === 'finished';
  return isFinished
    ? `${folder} holds a finished run. Give`
    : `the run folder ${folder} is not empty. Resume it with: giemsa train --resume ${folder}. Or give`;
}

/** A file that `writeFileWhole` had not finished. */
const UNFINISHED = /^\..+\.[\da-f-]{36}\.tmp$/;

/** Removes files that a killed run did not finish writing. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const place of [folder, join(folder, 'checkpoint')]) {
    const names = existsSync(place) ? await readdir(place) : [];
    for (const name of names) if (UNFINISHED.test(name)) await rm(join(place, name), { force: true });
  }
}

/** Removes the results of an earlier call, whose time was used up: the model of fewer steps is not that of this run any more. */
export async function removeResults({ predictions, metrics, model }: RunPaths): Promise<void> {
  for (const path of [predictions, metrics, model]) await rm(path, { force: true });
}

const text = v.string();

/** What is needed of run.json to go on with a training; that of a cross-validation has it, too. */
const runSchema = v.looseObject({
  giemsa: v.looseObject({ version: text, commit: v.nullable(text) }),
  resumedWith: v.optional(v.array(v.looseObject({ version: text, commit: v.nullable(text) }))),
  recipe: v.looseObject({}),
  seed: v.pipe(v.number(), v.safeInteger()),
  fast: v.boolean(),
  status: text,
  data: v.looseObject({
    path: text,
    fingerprint: text,
    labelFolders: v.optional(v.tuple([text, text])),
    patients: v.optional(v.union([text, v.array(text)])),
    labelSet: v.picklist(LABEL_SETS),
    review: v.optional(text),
  }),
  split: v.looseObject({ fingerprint: text, protocol: text }),
  times: v.looseObject({ started: text }),
});

/** @throws GiemsaError `unreadable-file`, `not-text`, `not-a-run`; each names the file */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = runPaths(folder).run;
  const record = await readRunJson(path, runSchema);
  try {
    return { ...record, recipe: validateRecipe(record.recipe) } as unknown as RunRecord;
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError('not-a-run', `${path}: ${error.message}`, { cause: error });
  }
}

/** What must not change between the parts of a run that was interrupted. */
export interface RunIdentity extends Pick<RunRecord, 'recipe' | 'seed' | 'fast'> {
  readonly data: Pick<DataRecord, 'fingerprint' | 'labelSet'>;
  readonly split: Pick<RunRecord['split'], 'fingerprint'>;
}

/** @throws GiemsaError `resume-mismatch` */
export function checkSameRun(folder: string, earlier: RunIdentity, now: RunIdentity): void {
  const facts = {
    'the data': (run: RunIdentity) => run.data.fingerprint,
    'the label set': (run: RunIdentity) => run.data.labelSet,
    'the split': (run: RunIdentity) => run.split.fingerprint,
    'the seed': (run: RunIdentity) => run.seed,
    'the recipe': (run: RunIdentity) => JSON.stringify(run.recipe),
    '--fast': (run: RunIdentity) => run.fast,
  };
  for (const [name, of] of Object.entries(facts)) {
    if (of(earlier) === of(now)) continue;
    throw new GiemsaError(
      'resume-mismatch',
      `${folder} cannot be resumed: ${name} changed since it was started. Start a new run with another --out.`,
    );
  }
}

export function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}
