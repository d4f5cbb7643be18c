import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawCells } from '../cells/draw.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { scoreCurve } from '../evaluation/curve.ts';
import { rocAuc } from '../evaluation/metrics.ts';
import { colourLogOdds, colourStatistics, STATISTICS } from '../model/colours.ts';
import { standard } from '../recipes/default.ts';
import { preprocess } from '../recipes/preprocessing.ts';
import { fitColours, scaledColours } from './fit-colours.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const { preprocessing } = standard;

function drawn(seed: number, count: number) {
  const pixels = new Float32Array(preprocessing.height * preprocessing.width * 3);
  const statistics = new Float64Array(count * STATISTICS);
  const labels = drawCells({ count, seed }).map(({ label, image }, i) => {
    preprocess(image, preprocessing, pixels, 0);
    colourStatistics(pixels, 0, preprocessing, statistics, i * STATISTICS);
    return label === 'parasitized' ? 1 : 0;
  });
  const each = labels.map((_, i) => statistics.subarray(i * STATISTICS, (i + 1) * STATISTICS));
  return { statistics, labels, each };
}

test('tells drawn cells that it has not seen', async () => {
  const [train, other] = [drawn(1, 400), drawn(2, 400)];
  const regression = await fitColours(train.statistics, train.labels, engine.math);
  const logOdds = other.each.map((own) => colourLogOdds(regression, own));
  const scores = logOdds.map((x) => 1 / (1 + Math.exp(-x)));
  expect(rocAuc(scoreCurve(scores, other.labels))).toBeGreaterThan(0.9);

  const twice = scaledColours(regression, 2);
  for (const [i, own] of other.each.entries()) {
    expect(colourLogOdds(twice, own)).toBeCloseTo(2 * logOdds[i], 4);
  }
}, 120_000);

// Images that are cell to the edge have one area; that of 48 x 48 pixels is no number of float32, in which means are kept.
test('a statistic that does not vary has no weight, whatever its value', async () => {
  const { statistics, labels, each } = drawn(3, 150);
  const fitted = async (area: number) => {
    for (const own of each) own[0] = area;
    return fitColours(statistics, labels, engine.math);
  };
  const { linear, products, bias } = await fitted((46 / 48) ** 2);
  expect(linear[0]).toBe(0);
  expect([...products.subarray(0, STATISTICS)]).toEqual(new Array(STATISTICS).fill(0));
  const exact = await fitted(0.25);
  expect({ linear, products, bias }).toEqual({
    linear: exact.linear,
    products: exact.products,
    bias: exact.bias,
  });
}, 120_000);
