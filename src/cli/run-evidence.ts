import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import { readCsvRecords } from '../dataset/csv.ts';
import { readSplit } from '../dataset/split.ts';
import { type Evaluation, evaluatePart, type PredictionRow } from '../evaluation/evaluate.ts';
import { healthyPatients, LABEL_SETS } from '../evaluation/prediction.ts';
import type { EpochFigures } from '../figures/history.ts';
import { validateRecipe } from '../recipes/index.ts';
import type { RunFacts } from '../report/configuration.ts';
import { METRICS } from '../report/metric-titles.ts';
import { readRunJson } from '../training/json-file.ts';
import { runPaths } from '../training/run-folder.ts';
import { readPredictions } from './predictions-file.ts';

/** What a finished run's files say. */
export interface StoredRun {
  readonly run: RunFacts;
  readonly evaluation: Evaluation;
  /** Of the part that is evaluated. */
  readonly predictions: readonly PredictionRow[];
  /** Patients none of whose cells is parasitized, in any part. */
  readonly healthy: ReadonlySet<string>;
  /** Empty for a cross-validation. */
  readonly history: readonly EpochFigures[];
}

const text = v.string();
const nullableNumber = v.nullable(v.number());

const versionSchema = v.looseObject({ version: text, commit: v.nullable(text) });

/** The fields of run.json that a report needs; `cells` and `kept` are those of a training, not of a cross-validation. */
const runSchema = v.looseObject({
  giemsa: versionSchema,
  resumedWith: v.optional(v.array(versionSchema)),
  node: text,
  platform: text,
  recipe: v.looseObject({}),
  seed: v.number(),
  fast: v.boolean(),
  status: text,
  data: v.looseObject({ fingerprint: text, labelSet: text, labelFolders: v.optional(v.tuple([text, text])) }),
  split: v.looseObject({
    fingerprint: text,
    protocol: text,
    cells: v.optional(v.object({ train: v.number(), val: v.number(), test: v.number() })),
  }),
  leftOut: v.array(v.unknown()),
  kept: v.optional(v.nullable(v.looseObject({ epoch: v.number(), metric: v.nullable(text) }))),
  times: v.looseObject({
    started: text,
    finished: v.nullable(text),
    seconds: v.optional(v.number()),
    results: v.optional(v.number()),
  }),
});

/** One of `healthy.atSensitivity`, which older runs do not have. */
const falseCallsSchema = v.looseObject(
  v.entriesFromList(
    ['sensitivity', 'threshold', 'per1000', 'upper', 'perMicrolitre', 'upperPerMicrolitre'],
    v.number(),
  ),
);

/** What a report says of the figures under other labels; predictions.csv does not tell those. */
const labelSetSchema = v.looseObject({
  cells: v.number(),
  ...v.entriesFromList(
    METRICS.map(([name]) => name),
    nullableNumber,
  ),
  intervals: v.record(text, v.nullable(v.tuple([v.number(), v.number()]))),
  healthy: v.optional(
    v.nullable(v.looseObject({ atSensitivity: v.optional(v.array(falseCallsSchema), []) })),
  ),
  indeterminate: v.optional(
    v.looseObject({
      cells: v.number(),
      share: v.number(),
      reasons: v.record(text, v.number()),
      called: v.nullable(
        v.object(v.entriesFromList(['sensitivity', 'specificity', 'accuracy', 'mcc'], nullableNumber)),
      ),
    }),
  ),
});

const metricsSchema = v.looseObject({
  protocol: text,
  recipe: v.nullable(text),
  labelSet: v.picklist(LABEL_SETS),
  part: text,
  threshold: v.number(),
  chosenOn: v.nullable(text),
  rocAuc: nullableNumber,
  counts: v.object({ tp: v.number(), tn: v.number(), fp: v.number(), fn: v.number() }),
  labelSets: v.optional(
    v.object({ relabelled: v.optional(labelSetSchema), dropped: v.optional(labelSetSchema) }),
  ),
});

/**
 * Reads run.json, metrics.json, predictions.csv and history.csv of a run's folder. The figures are made anew from the
 * predictions, so that runs of older versions have all of them; those of metrics.json must agree.
 *
 * @throws GiemsaError `unreadable-file`, `not-a-run`, `unfinished-run`, `bad-csv`; each names the file
 */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const paths = runPaths(folder);
  const record = await readRunFile(paths.run);
  if (record.status !== 'finished') {
    throw new GiemsaError(
      'unfinished-run',
      `the run in ${folder} is not finished (${paths.run}: status ${record.status}), so there is nothing to report: go on with it first`,
    );
  }
  const metrics = await readRunJson(paths.metrics, metricsSchema);
  const all = await readPredictions(paths.predictions);
  const predictions = all.filter(({ part }) => part === metrics.part);
  if (predictions.length === 0) {
    throw new GiemsaError('not-a-run', `${paths.predictions} has no cells of the part ${metrics.part}`);
  }
  const { protocol, recipe, labelSet, part, threshold, chosenOn } = metrics;
  const healthy = existsSync(paths.split)
    ? healthyPatients(await readSplit(paths.split))
    : healthyPatients(all);
  const evaluation = evaluatePart(
    all,
    { protocol, recipe, labelSet, part },
    { threshold, chosenOn },
    { healthy },
  );
  if (!agree(evaluation, metrics)) {
    throw new GiemsaError(
      'not-a-run',
      `${paths.metrics} does not have the figures of ${paths.predictions}: they are of two runs, or one of them was changed`,
    );
  }
  return {
    run: record,
    evaluation: metrics.labelSets
      ? { ...evaluation, labelSets: metrics.labelSets as unknown as NonNullable<Evaluation['labelSets']> }
      : evaluation,
    predictions,
    healthy,
    history: record.split.cells === undefined ? [] : await readHistory(paths.history),
  };
}

async function readRunFile(path: string): Promise<RunFacts & { readonly status: string }> {
  const record = await readRunJson(path, runSchema);
  try {
    return { ...record, recipe: validateRecipe(record.recipe) } as unknown as RunFacts & { status: string };
  } catch (error) {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError('not-a-run', `${path}: ${error.message}`, { cause: error });
  }
}

function agree(
  evaluation: Pick<Evaluation, 'rocAuc' | 'counts'>,
  { rocAuc, counts }: v.InferOutput<typeof metricsSchema>,
): boolean {
  const names = ['tp', 'tn', 'fp', 'fn'] as const;
  return (
    names.every((name) => evaluation.counts[name] === counts[name]) &&
    Math.abs((evaluation.rocAuc ?? -1) - (rocAuc ?? -1)) < 1e-9
  );
}

const HISTORY = ['loss', 'accuracy', 'rocAuc'] as const;

async function readHistory(path: string): Promise<EpochFigures[]> {
  const column = (part: 'train' | 'val', name: (typeof HISTORY)[number]) =>
    `${part}${name[0].toUpperCase()}${name.slice(1)}`;
  const columns = [
    'epoch',
    ...(['train', 'val'] as const).flatMap((part) => HISTORY.map((name) => column(part, name))),
  ];
  const records = await readCsvRecords(path, columns);
  return records.map((record, i) => {
    const number = (name: string): number | null => {
      if (record[name] === '') return null;
      const value = Number(record[name]);
      if (Number.isFinite(value)) return value;
      throw new GiemsaError(
        'bad-csv',
        `${path}, row ${i + 2}: ${name} must be a number. Received: ${record[name].slice(0, 40)}`,
      );
    };
    const figures = (part: 'train' | 'val') => ({
      loss: number(column(part, 'loss')),
      accuracy: number(column(part, 'accuracy')),
      rocAuc: number(column(part, 'rocAuc')),
    });
    return { epoch: number('epoch') ?? i + 1, train: figures('train'), val: figures('val') };
  });
}

/** Where `giemsa report` writes. */
export function reportPaths(folder: string) {
  return {
    report: join(folder, 'report.html'),
    cardText: join(folder, 'model-card.md'),
    cardJson: join(folder, 'model-card.json'),
    figure: (name: string) => join(folder, 'figures', name),
  };
}
