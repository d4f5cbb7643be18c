import { describe, expect, test } from 'vitest';
import { countMultiplyAdds, countParameters, resolve } from '../network/graph.ts';
import { RECIPES } from './index.ts';

describe('the seed recipe is the starting project’s', () => {
  const graph = resolve(RECIPES['seed'].network);

  test('674,273 trainable and 1,792 other parameters', () => {
    expect(countParameters(graph)).toEqual({ trainable: 674_273, other: 1_792 });
  });

  test('its shapes are those of the notebook’s summary', () => {
    const shapes = graph.nodes.filter(({ type }) => type !== 'relu').map(({ shape }) => shape.join('x'));
    const dense = (units: number) => Array(3).fill(`${units}`);
    expect(shapes).toEqual([
      '148x148x64',
      '37x37x64',
      '35x35x32',
      '8x8x32',
      '2048',
      ...[256, 256, 128, 128, 64, 64].flatMap(dense),
      '1',
    ]);
  });
});

test('the default recipe has 340,000 parameters, 39 million multiply-adds and one logit', () => {
  const graph = resolve(RECIPES['default'].network);
  const multiplyAdds = countMultiplyAdds(graph);
  expect(Math.round(countParameters(graph).trainable / 1000)).toBe(340);
  expect(Math.round(multiplyAdds / 1e6)).toBe(39);
  expect(graph.nodes.at(-1)?.shape).toEqual([1]);
});
