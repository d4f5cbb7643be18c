import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readStoredRun } from '../src/cli/run-evidence.ts';
import { readModel } from '../src/model/file.ts';
import { METRICS } from '../src/report/metric-titles.ts';
import { modelCard } from '../src/report/model-card.ts';
import { modelCardText } from '../src/report/model-card-text.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const frozen = path('docs/results/default/frozen');
const metrics = JSON.parse(readFileSync(`${frozen}/metrics.json`, 'utf8'));
const card = JSON.parse(readFileSync(path('models/model-card.json'), 'utf8'));

test('the card of the shipped model is made from the frozen test, and again gives the same', async () => {
  const made = modelCard(await readStoredRun(frozen));
  expect(JSON.parse(JSON.stringify(made))).toEqual(card);
  expect(modelCardText(made)).toBe(readFileSync(path('models/model-card.md'), 'utf8'));
});

test('it is the card of that model', async () => {
  const { metadata } = await readModel(readFileSync(path('models/default.onnx')));
  expect(metadata).toMatchObject({
    threshold: card.protocol.threshold,
    chosenOn: card.protocol.chosenOn,
    splitFingerprint: card.protocol.splitFingerprint,
    dataFingerprint: card.data.fingerprint,
    labelSet: card.data.labelSet,
  });
});

test('its numbers are those of the results, to the digit', () => {
  const figuresOf = (of: typeof metrics) =>
    Object.fromEntries(
      METRICS.map(([name]) => [name, { value: of[name], interval: of.intervals[name] ?? null }]),
    );
  expect(card.figures).toEqual(figuresOf(metrics));
  expect(Object.keys(card.labelSets)).toEqual(['relabelled', 'dropped']);
  for (const [name, { cells, figures, indeterminate }] of Object.entries<typeof card>(card.labelSets)) {
    const of = metrics.labelSets[name];
    expect({ cells, figures, indeterminate }).toEqual({
      cells: of.cells,
      figures: figuresOf(of),
      indeterminate: of.indeterminate,
    });
  }
  for (const name of ['healthy', 'betweenPatients', 'ppvAt', 'calibration', 'indeterminate']) {
    expect(card[name]).toEqual(metrics[name]);
  }
});
