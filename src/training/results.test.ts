import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary.ts';
import { testModel } from '../../test/support/test-model.ts';
import { type ReviewRow, underReview } from '../dataset/label-sets.ts';
import type { SplitRow } from '../dataset/split.ts';
import type { Engine } from '../engine/engine.ts';
import { readModel } from '../model/file.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { writeResults } from './results.ts';
import { type RunRecord, runPaths } from './run-folder.ts';

const paths = runPaths(temporaryFolder());

const { network, preprocessing, weights } = testModel();
const recipe: Recipe = {
  name: 'small',
  network,
  preprocessing,
  augmentation: {},
  training: {
    epochs: 1,
    batch: 4,
    optimiser: { type: 'sgd' },
    schedule: { type: 'constant', rate: 0.1 },
    keep: 'last',
  },
};

/** Writes the results of cells whose probabilities are given, in a part each; the first cell is trained on. */
async function resultsOf(
  cells: readonly [SplitRow['part'], SplitRow['label'], number][],
  trained: (row: SplitRow) => SplitRow['label'] = ({ label }) => label,
  review?: readonly ReviewRow[],
) {
  const rows = cells.map(
    ([part, label], i): SplitRow => ({ name: `${i}.png`, label, patient: `P${i}`, part }),
  );
  const images = new Float32Array(recipe.training.batch);
  await writeResults({
    paths,
    record: {
      recipe,
      seed: 1,
      split: { protocol: 'patient-disjoint', fingerprint: 's' },
      data: { fingerprint: 'd', labelSet: 'relabelled' },
      giemsa: { version: '0.1.0', commit: null },
    } as RunRecord,
    rows,
    ...(review ? { underReview: (own) => underReview(rows, own, review) } : {}),
    parts: {
      targets: Uint8Array.from(rows, (row) => (trained(row) === 'parasitized' ? 1 : 0)),
      train: Uint32Array.of(0),
      val: Uint32Array.from(rows.keys()).filter((i) => rows[i].part === 'val'),
      predicted: Uint32Array.from(rows.keys()).slice(1),
    },
    weights,
    recipe,
    math: Math,
    engine: {} as Engine,
    seed: 1,
    cells: [],
    onNote: () => {},
    onProgress: () => {},
    predictor: {
      images: (n) => images.subarray(0, n),
      predict: async (n) => images.slice(0, n),
      logits: () => Promise.reject(new Error('results are probabilities')),
      outputs: async (n) => ({
        probabilities: images.slice(0, n),
        logits: new Float32Array(n),
        features: new Float32Array(n),
      }),
      load: () => undefined,
    },
    pixels: {
      async *batches(requests) {
        for (const request of requests) {
          yield { request, pixels: Float32Array.from(request.cells, (cell) => cells[cell][2]) };
        }
      },
    },
  });
  const metrics = JSON.parse(readFileSync(paths.metrics, 'utf8'));
  return { metrics, metadata: (await readModel(readFileSync(paths.model))).metadata };
}

const train: [SplitRow['part'], SplitRow['label'], number] = ['train', 'parasitized', 1];

test('figures at the threshold of the model, chosen on val; 0.5 beside them', async () => {
  const { metrics, metadata } = await resultsOf([
    train,
    ['val', 'parasitized', 0.25],
    ['val', 'uninfected', 0.125],
    ['test', 'parasitized', 0.375],
    ['test', 'uninfected', 0.0625],
  ]);
  expect(metadata).toMatchObject({ threshold: 0.25, chosenOn: 'val, specificity 0.973' });
  expect(metrics).toMatchObject({
    part: 'test',
    threshold: 0.25,
    chosenOn: 'val, specificity 0.973',
    counts: { tp: 1, tn: 1, fp: 0, fn: 0 },
  });
  expect(metrics.operatingPoints[0]).toMatchObject({
    threshold: 0.5,
    counts: { tp: 0, tn: 1, fp: 0, fn: 1 },
  });
});

test('0.5 where the figures are of val itself, or nothing could be chosen', async () => {
  const onVal = await resultsOf([train, ['val', 'parasitized', 0.25], ['val', 'uninfected', 0.125]]);
  expect(onVal.metrics).toMatchObject({ part: 'val', threshold: 0.5, chosenOn: null });
  expect(onVal.metadata.threshold).toBe(0.25);
  const noVal = await resultsOf([train, ['test', 'parasitized', 0.25], ['test', 'uninfected', 0.125]]);
  expect(noVal.metrics).toMatchObject({ part: 'test', threshold: 0.5, chosenOn: null });
  expect(noVal.metadata).toMatchObject({ threshold: 0.5, chosenOn: 'nothing' });
});

test('the threshold is chosen in the labels trained on; the figures are in those published', async () => {
  const doubted = (row: SplitRow) => (row.name === '2.png' ? 'parasitized' : row.label);
  const { metrics, metadata } = await resultsOf(
    [
      train,
      ['val', 'parasitized', 0.75],
      ['val', 'uninfected', 0.5],
      ['val', 'uninfected', 0.125],
      ['test', 'parasitized', 0.625],
      ['test', 'uninfected', 0.0625],
    ],
    doubted,
  );
  expect(metadata).toMatchObject({ labelSet: 'relabelled', threshold: 0.5 });
  expect(metrics).toMatchObject({ labelSet: 'published', threshold: 0.5 });
  expect(metrics.operatingPoints.at(2)).toMatchObject({ name: 'specificity 0.973', threshold: 0.75 });
});

test('figures under the labels of a second opinion; a healthy patient, by all its cells, stays healthy', async () => {
  const { metrics } = await resultsOf(
    [
      train,
      ['test', 'parasitized', 0.75],
      ['test', 'parasitized', 0.125],
      ['test', 'uninfected', 0.875],
      ['test', 'uninfected', 0.0625],
    ],
    undefined,
    [
      { name: '2.png', label: 'parasitized', review: 'disagrees' },
      { name: '3.png', label: 'uninfected', review: 'disagrees' },
    ],
  );
  expect(metrics.counts).toEqual({ tp: 1, fn: 1, fp: 1, tn: 1 });
  // 2.png is uninfected for the reviewer; 3.png, of a patient without parasitized cells, stays uninfected.
  expect(metrics.labelSets.relabelled.counts).toEqual({ tp: 1, fn: 0, fp: 1, tn: 2 });
  expect(metrics.labelSets.dropped.counts).toEqual({ tp: 1, fn: 0, fp: 0, tn: 1 });
});
