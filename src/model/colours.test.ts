import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';
import { testModel } from '../../test/support/test-model.ts';
import { drawCells } from '../cells/draw.ts';
import { drawNonCells } from '../cells/draw-non-cells.ts';
import type { CellImage } from '../cells/image.ts';
import { createEngine } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { type KeepScaleFit, preprocess } from '../recipes/preprocessing.ts';
import { random } from '../recipes/random.ts';
import { createClassifier } from './classifier.ts';
import { type ColourRegression, colourLogOdds, colourStatistics, STATISTICS } from './colours.ts';
import { type Model, readModel, writeModel } from './file.ts';

const side = { height: 24, width: 24 };
const preprocessing: KeepScaleFit = {
  fit: 'keep-scale',
  ...side,
  pixelScale: 0.15,
  scale: 1 / 255,
  offset: 0,
};
const network: Network = {
  input: { ...side, channels: 3 },
  layers: [
    { type: 'convolution', filters: 4, kernel: 3, stride: 2 },
    { type: 'global-average-pooling' },
    { type: 'dense', units: 1 },
  ],
};
const draw = random(3, 1);
const drawn = (length: number, spread: number) =>
  Float32Array.from({ length }, () => spread * (draw() - 0.5));
const regression: ColourRegression = {
  mean: drawn(STATISTICS, 1),
  deviation: drawn(STATISTICS, 0.2).map((value) => 0.3 + value),
  linear: drawn(STATISTICS, 2),
  products: drawn(STATISTICS * STATISTICS, 0.2).map((value, i) =>
    i % STATISTICS < Math.floor(i / STATISTICS) ? 0 : value,
  ),
  bias: drawn(1, 1),
};
const plain = testModel(network, preprocessing);
const metadata = { ...plain.metadata, colours: { method: 'logistic', share: 0.3 } } as const;
const model: Model = { ...plain, metadata, colours: regression };

/** The statistics of pixels 0 ... 255, as they are. */
function statisticsOf(rows: readonly (readonly (readonly number[])[])[]): number[] | undefined {
  const pixels = Float32Array.from(rows.flat(2));
  const into = new Float64Array(STATISTICS);
  const size = { height: rows.length, width: rows[0].length, scale: 1 };
  return colourStatistics(pixels, 0, size, into, 0) ? [...into] : undefined;
}

describe('the statistics', () => {
  const black = [0, 0, 0];

  it('of a cell of two colours, worked by hand', () => {
    // 5 x 9 inner pixels, of which 9, one row, are parasite: medians are the plasma's.
    const plasma = [200, 100, 120];
    const parasite = [150, 50, 120];
    const row = (colour: number[]) => [black, ...new Array(11).fill(colour), black];
    const rows = Array.from({ length: 9 }, (_, y) =>
      y === 0 || y === 8 ? new Array(13).fill(black) : row(y === 4 ? parasite : plasma),
    );
    // Of 45 shares, 9 are the low one and 36 are 1: their deviation is .4 times the distance.
    const deviations = [0.4 * 0.25, 0.4 * 0.5, 0];
    const low = [0.75, 0.5, 1];
    const expected = [45 / 117, 200, 100, 120, ...deviations, ...low, ...low, ...low, 1, 1, 1, 0.5, 0.5, 0.5];
    const found = statisticsOf(rows) as number[];
    for (const [i, value] of found.entries()) expect(value, `statistic ${i}`).toBeCloseTo(expected[i], 6);
  });

  it('quantiles are interpolated', () => {
    // 3 x 7 inner pixels of grey 100 to 120, the median 110: the twentieth part of the way is the second.
    const rows = Array.from({ length: 5 }, (_, y) =>
      Array.from({ length: 9 }, (_, x) => {
        const isInner = y > 0 && y < 4 && x > 0 && x < 8;
        return new Array(3).fill(isInner ? 100 + 7 * (y - 1) + x - 1 : 255);
      }),
    );
    const found = statisticsOf(rows) as number[];
    expect(found.slice(1, 4)).toEqual([110, 110, 110]);
    const [least, first, fifth, quarter] = [7, 10, 13, 16].map((at) => 110 * found[at]);
    expect([least, first, fifth, quarter].map((value) => Number(value.toFixed(4)))).toEqual([
      100, 100.2, 101, 105,
    ]);
    expect(found.slice(19).map((value) => Number(value.toFixed(6)))).toEqual([0, 0, 0]);
  });

  it('are not given where there is nothing to tell', () => {
    expect(statisticsOf(new Array(9).fill(new Array(9).fill(black)))).toBeUndefined();
    const small = Array.from({ length: 9 }, (_, y) =>
      Array.from({ length: 9 }, (_, x) => (y > 1 && y < 7 && x > 1 && x < 7 ? [99, 99, 99] : black)),
    );
    expect(statisticsOf(small)).toBeUndefined();
  });
});

test('log-odds are the sum of the weighted statistics and products; far from the mean they rise no more', () => {
  const at = (i: number, value: number) => {
    const values = new Float32Array(STATISTICS);
    values[i] = value;
    return values;
  };
  const products = new Float32Array(STATISTICS * STATISTICS);
  products[1 * STATISTICS + 2] = 0.5;
  products[2 * STATISTICS + 2] = -1;
  const small: ColourRegression = {
    mean: at(1, 10),
    deviation: new Float32Array(STATISTICS).fill(2),
    linear: at(2, 3),
    products,
    bias: Float32Array.of(0.25),
  };
  const statistics = new Float64Array(STATISTICS);
  statistics.set([0, 14, 6]);
  // Standardized, 2 and 3.
  expect(colourLogOdds(small, statistics)).toBe(0.25 + 3 * 3 + 0.5 * 2 * 3 - 3 * 3);
  statistics[2] = 1e6;
  expect(colourLogOdds(small, statistics)).toBe(0.25 + 3 * 4 + 0.5 * 2 * 4 - 4 * 4);
});

test('the file keeps them, and the same model gives the same bytes', async () => {
  const bytes = await writeModel(model);
  expect(await readModel(bytes)).toEqual(model);
  expect(await writeModel(model)).toEqual(bytes);
});

test('a file that speaks of colours and has none, or whose colours do not vary, is refused', async () => {
  const { colours: _, ...without } = model;
  await expect(writeModel(without).then(readModel)).rejects.toThrow('lacks the weights /colours/mean');
  const flat = { ...model, colours: { ...regression, deviation: new Float32Array(STATISTICS) } };
  await expect(writeModel(flat).then(readModel)).rejects.toThrow('its colours vary by nothing');
});

describe('ONNX Runtime gives our probabilities', async () => {
  const images = new Map<string, CellImage>([
    ...drawCells({ count: 30, seed: 4 }).map(({ name, image }): [string, CellImage] => [name, image]),
    ...drawNonCells(2).map(({ name, image }): [string, CellImage] => [name, image]),
  ]);
  const session = await InferenceSession.create(await writeModel(model), { logSeverityLevel: 3 });
  const classifier = await createClassifier(await createEngine(), await writeModel(model));
  const without = await createClassifier(await createEngine(), await writeModel(plain));

  test.each([...images])('%s', async (_, image) => {
    const { width, height, data } = image;
    const theirs = await session.run({ image: new Tensor('uint8', data, [1, height, width, 3]) });
    const { probability } = await classifier.classify(image);
    expect(Math.abs((theirs['probability'].data[0] as number) - (probability as number))).toBeLessThan(1e-5);
  });

  // Were the least that is cell a sum of three levels, rounding would decide.
  test('of colours as dark as black may be', async () => {
    for (const [red, green] of [
      [2, 11],
      [20, 20],
      [1, 1],
      [7, 50],
      [33, 9],
    ]) {
      const { data, ...size } = [...images.values()][0];
      const flat = data.map((_, i) => [red, green, 60 - red - green][i % 3]);
      const theirs = await session.run({
        image: new Tensor('uint8', flat, [1, size.height, size.width, 3]),
      });
      const { probability } = await classifier.classify({ ...size, data: flat });
      expect(theirs['probability'].data[0]).toBeCloseTo(probability as number, 5);
    }
  });

  test('of several images a call', async () => {
    const [image] = images.values();
    const { width, height, data } = image;
    const turned = data.slice().reverse();
    const both = new Uint8Array(2 * data.length);
    both.set(data);
    both.set(turned, data.length);
    const input = new Tensor('uint8', both, [2, height, width, 3]);
    const theirs = await session.run({ image: input });
    const ours = await classifier.classify([image, { ...image, data: turned }]);
    for (const [i, { probability }] of ours.entries()) {
      expect(Math.abs((theirs['probability'].data[i] as number) - (probability as number))).toBeLessThan(
        1e-5,
      );
    }
  });

  test('and log-odds are the sum of the two', async () => {
    const some = [...images.values()].slice(0, 10);
    const [all, network] = [await classifier.logOdds(some), await without.logOdds(some)];
    const pixels = new Float32Array(side.height * side.width * 3);
    const statistics = new Float64Array(STATISTICS);
    for (const [i, image] of some.entries()) {
      preprocess(image, preprocessing, pixels, 0);
      expect(colourStatistics(pixels, 0, preprocessing, statistics, 0)).toBe(true);
      expect(all[i]).toBeCloseTo(network[i] + colourLogOdds(regression, statistics), 4);
    }
    expect(new Set(all).size).toBe(10);
  });
});
