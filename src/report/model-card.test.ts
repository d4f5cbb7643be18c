import { expect, it } from 'vitest';
import { evaluatePart, type PredictionRow } from '../evaluation/evaluate.ts';
import { random } from '../recipes/random.ts';
import { seed } from '../recipes/seed.ts';
import type { RunFacts } from './configuration.ts';
import { METRICS } from './metric-titles.ts';
import { modelCard } from './model-card.ts';
import { modelCardText } from './model-card-text.ts';

const draw = random(8);
const predictions: PredictionRow[] = Array.from({ length: 600 }, (_, i) => {
  const label = i % 20 < 15 && i % 3 === 0 ? 'parasitized' : 'uninfected';
  const high = label === 'parasitized' ? draw() < 0.9 : draw() < 0.05;
  return {
    ...{ name: `C1P${i % 20}ThinF_IMG_20150918_144104_cell_${i}.png`, label, patient: `P${i % 20}` },
    ...{ part: 'out-of-fold', fold: String(i % 5), probability: high ? 0.5 + draw() / 2 : draw() / 2 },
  };
});
const protocol = 'patient-disjoint folds | of *mine*';
const evaluation = evaluatePart(predictions, {
  ...{ protocol, recipe: 'seed', labelSet: 'published', part: 'out-of-fold' },
});
const run: RunFacts = {
  ...{
    giemsa: { version: '1.2.3', commit: null },
    recipe: seed,
    seed: 7,
    fast: false,
    node: 'v20',
    platform: 'x',
  },
  data: { fingerprint: 'abc', labelSet: 'published' },
  split: { fingerprint: 'def', protocol },
  leftOut: [],
  times: { started: '2026-01-01', finished: '2026-01-02', seconds: 4321, results: 210 },
};
const card = modelCard({ run, evaluation, predictions });
const text = modelCardText(card);

it('has the figures of the evaluation, to the digit', () => {
  for (const [name] of METRICS) {
    expect(card.figures[name]).toEqual({
      value: evaluation[name],
      interval: evaluation.intervals[name] ?? null,
    });
  }
  expect(card.healthy).toEqual(evaluation.healthy);
  expect(card.betweenPatients).toEqual(evaluation.betweenPatients);
  expect(card.folds?.map(({ rocAuc }) => rocAuc)).toEqual(evaluation.folds?.map(({ rocAuc }) => rocAuc));
  // The starting project's notebook prints 674,273 trainable parameters and 1,792 others.
  expect(card.cost).toMatchObject({
    parameters: { trainable: 674_273, other: 1_792 },
    platelets: null,
    trainingSeconds: 4321,
    resultSeconds: 210,
  });
});

it('says them in words: use, no clinical use, citation, protocol, spread, healthy patients, limits, cost', () => {
  for (const [name, title] of METRICS) {
    const { value, interval } = card.figures[name];
    const range = interval ? `${interval[0].toFixed(4)} to ${interval[1].toFixed(4)}` : 'none';
    expect(text).toContain(`| ${title} | ${value?.toFixed(4)} | ${range} |`);
  }
  expect(text).toContain('**Not for clinical use');
  expect(text).toContain('Rajaraman et al. 2018');
  expect(text).toContain(`${evaluation.healthy?.falseCalls} of 150 cells of 5 healthy patients`);
  expect(text).toContain('674,273 trainable parameters, 1,792 others');
  expect(text).toContain('4,321 s of training and validation, 210 s of what follows it.');
  expect(text).toMatch(/it does worst on P\d+ \(\d+ of \d+ cells found\)/);
  expect(text).not.toMatch(/undefined|NaN|null|\[object/);
});

it('a patient’s name is text, whatever is in it', () => {
  const name = '<img src=x>\n# Approved';
  const named = predictions.map((row) =>
    row.patient === 'P1' ? { ...row, patient: name, probability: 0.01 } : row,
  );
  const of = evaluatePart(named, { protocol, recipe: 'seed', labelSet: 'published', part: 'out-of-fold' });
  const words = modelCardText(modelCard({ run, evaluation: of, predictions: named }));
  expect(words).toContain('\\<img src=x\\> \\# Approved');
  expect(words).not.toMatch(/(?<!\\)<img/);
  expect(words).not.toMatch(/^# Approved/m);
});

it('names what the run was started with, and what went on with it', () => {
  const resumedWith = [{ version: '1.2.4', commit: '0123456789abcdef' }];
  const made = modelCard({ run: { ...run, resumedWith }, evaluation, predictions });
  expect(made).toMatchObject({ giemsa: { version: '1.2.3', commit: null }, resumedWith });
  expect(modelCardText(made)).toContain(
    'Made by giemsa 1.2.3; gone on with by 1.2.4 (commit 0123456789ab); seed 7.',
  );
});

it('says what a model cannot tell, and the figures under other labels', () => {
  const abstaining = predictions.map((row, i) => ({ ...row, reason: i % 50 === 0 ? 'blurred' : null }));
  const relabelled = abstaining.map((row, i) => ({
    ...row,
    label: i === 0 ? ('uninfected' as const) : row.label,
  }));
  const of = evaluatePart(
    abstaining,
    { protocol, recipe: 'seed', labelSet: 'published', part: 'out-of-fold' },
    undefined,
    { labelSets: { relabelled } },
  );
  const made = modelCard({ run, evaluation: of, predictions: abstaining });
  expect(made.indeterminate).toEqual(of.indeterminate);
  expect(made.labelSets?.relabelled?.figures.rocAuc.value).toBe(of.labelSets?.relabelled?.rocAuc);
  const words = modelCardText(made);
  expect(words).toContain('It cannot tell of 12 cells, 2.0 %: blurred 12;');
  expect(words).toContain(`| relabelled | 600 | ${of.labelSets?.relabelled?.rocAuc?.toFixed(4)} (`);
  expect(words).not.toMatch(/undefined|NaN|null|\[object/);
});

it('what a user named cannot become markup', () => {
  expect(text).toContain('patient-disjoint folds \\| of \\*mine\\*');
});

it('a warning stands before all other limits', () => {
  expect(modelCard({ run, evaluation, predictions, warning: 'Drawn.' }).limits[0]).toBe('Drawn.');
});
