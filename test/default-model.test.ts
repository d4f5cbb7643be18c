import { expect, test } from 'vitest';
import { drawNonCells } from '../src/cells/draw-non-cells.ts';
import { loadClassifier } from '../src/load-classifier.ts';

test('the shipped model is sure of nothing that is no cell', async () => {
  const classifier = await loadClassifier();
  const figures = new Map<string, string[]>();
  const sure: string[] = [];
  try {
    for (let seed = 1; seed <= 3; seed++) {
      const drawn = drawNonCells(seed);
      const predictions = await classifier.classify(drawn.map(({ image }) => image));
      for (const [i, { name }] of drawn.entries()) {
        const { label, probability, reason } = predictions[i];
        const figure = `${label}${reason ? ` (${reason})` : ''} ${probability?.toFixed(4)}`;
        figures.set(name, [...(figures.get(name) ?? []), figure]);
        if (label !== 'indeterminate') sure.push(name);
      }
    }
  } finally {
    await classifier.close();
  }
  const lines = [...figures].map(([name, ofSeeds]) => `${name}: ${ofSeeds.join('; ')}`);
  console.log(`Label, reason and probability of three drawings each:\n${lines.join('\n')}`);
  expect(figures.size).toBeGreaterThan(0);
  expect(sure).toEqual([]);
});
