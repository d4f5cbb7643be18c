import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { drawNonCells } from '../src/cells/draw-non-cells.ts';
import { drawPlatelet } from '../src/cells/draw-platelet.ts';
import { type Classifier, loadClassifier, type Prediction } from '../src/index.ts';
import { drawPair } from './support/drawn-pair.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let classifier: Classifier;
beforeAll(async () => {
  classifier = await loadClassifier();
});
afterAll(() => classifier.close());

const told = ({ label, probability, reason }: Prediction) =>
  `${label}${reason ? ` (${reason})` : ''} ${probability?.toFixed(4)}`;

test('the shipped model is sure of nothing that is no cell', async () => {
  const figures = new Map<string, string[]>();
  const sure: string[] = [];
  for (let seed = 1; seed <= 3; seed++) {
    const drawn = drawNonCells(seed);
    const predictions = await classifier.classify(drawn.map(({ image }) => image));
    for (const [i, { name }] of drawn.entries()) {
      figures.set(name, [...(figures.get(name) ?? []), told(predictions[i])]);
      if (predictions[i].label !== 'indeterminate') sure.push(name);
    }
  }
  const lines = [...figures].map(([name, ofSeeds]) => `${name}: ${ofSeeds.join('; ')}`);
  console.log(`Label, reason and probability of three drawings each:\n${lines.join('\n')}`);
  expect(figures.size).toBeGreaterThan(0);
  expect(sure).toEqual([]);
});

describe('an uninfected cell, drawn with and without a platelet on it', () => {
  const pairs = Array.from({ length: 32 }, (_, i) => drawPair(i + 1, drawPlatelet));
  let without: Prediction[];
  let withPlatelet: Prediction[];
  beforeAll(async () => {
    without = await classifier.classify(pairs.map(({ clean }) => clean));
    withPlatelet = await classifier.classify(pairs.map(({ image }) => image));
    const lines = pairs.map((_, i) => `${i + 1}: ${told(without[i])}; ${told(withPlatelet[i])}`);
    console.log(`Label and probability without and with a platelet:\n${lines.join('\n')}`);
  });

  test('is uninfected without', () => {
    expect(without.filter(({ label }) => label !== 'uninfected')).toEqual([]);
  });

  test('is never called parasitized with one', () => {
    expect(withPlatelet.filter(({ label }) => label === 'parasitized')).toEqual([]);
  });

  test('is indeterminate with one as often as README says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, drawn, unsure] =
      readme.match(/Of (\d+) drawn cells with a drawn platelet .*? is unsure of (\d+)/) ?? [];
    expect(pairs).toHaveLength(Number(drawn));
    expect(withPlatelet.filter(({ label }) => label === 'indeterminate')).toHaveLength(Number(unsure));
  });
});
