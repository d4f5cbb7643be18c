import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cellMask } from '../src/cells/cell-mask.ts';
import { drawParasite } from '../src/cells/draw-parasite.ts';
import { drawsOf, hash } from '../src/cells/draw-random.ts';
import type { CellImage } from '../src/cells/image.ts';
import { createEngine } from '../src/engine/engine.ts';
import { type Classifier, createClassifier } from '../src/model/classifier.ts';
import type { ColourRegression } from '../src/model/colours.ts';
import { type HeatMap, heatMap } from '../src/model/explanation/heat-map.ts';
import { type Model, readModel, writeModel } from '../src/model/file.ts';
import { resolve } from '../src/network/graph.ts';
import { initialWeights } from '../src/network/initial-weights.ts';
import { scaledColours } from '../src/training/fit-colours.ts';
import { drawPair } from './support/drawn-pair.ts';

// A map takes some 250 predictions, and machines may be busy.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 1_200_000 });

/** The first two have networks with random weights compared on them. */
const pairs = [1, 2, 3, 4, 5, 6].map((seed) => drawPair(seed, drawParasite));
const COMPARED = pairs.slice(0, 2);

let model: Model;
let trained: Classifier;
const maps = new Map<CellImage, HeatMap>();
beforeAll(async () => {
  model = await readModel(readFileSync(new URL('../models/default.onnx', import.meta.url)));
  trained = await classifierOf(model);
  for (const { image } of pairs) maps.set(image, await heatMap(image, trained.logOdds));
});
afterAll(() => trained.close());

async function classifierOf(of: Model): Promise<Classifier> {
  return createClassifier(await createEngine({ threads: 1 }), await writeModel(of));
}

/** The shipped model with the weights of some layers drawn anew, as before training. What its colours say has weights, too. */
async function redrawn(
  seed: number,
  layers: RegExp,
  colours: (of: ColourRegression, seed: number) => ColourRegression = (own) => own,
): Promise<Classifier> {
  const engine = await createEngine({ threads: 1 });
  const random = initialWeights(resolve(model.network), seed, engine.math);
  await engine.close();
  const weights = new Map(
    [...model.weights].map(([name, own]) => [name, (layers.test(name) && random.get(name)) || own]),
  );
  return classifierOf({ ...model, weights, ...(model.colours && { colours: colours(model.colours, seed) }) });
}

/** As its fit begins. */
const unweighted = (own: ColourRegression): ColourRegression => scaledColours(own, 0);

/** Each weight at another's place: as much said, of other things. */
function shuffled(own: ColourRegression, seed: number): ColourRegression {
  const draws = drawsOf(seed, 10, 0);
  const order = (values: Float32Array) => {
    const all = values.slice();
    const places = [...all.keys()].filter((i) => all[i] !== 0);
    for (let last = places.length - 1; last > 0; last--) {
      const [i, j] = [places[last], places[draws.whole(0, last)]];
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  };
  return { ...own, linear: order(own.linear), products: order(own.products) };
}

/** Spearman's rank correlation of two maps over the pixels of the cell. */
function rankCorrelation(image: CellImage, a: Float32Array, b: Float32Array): number {
  const { inside } = cellMask(image);
  const [p, q] = [a, b].map((values) => ranks(values.filter((_, i) => inside[i] === 1)));
  // Ranks have one mean and, but for ties, one variance.
  const middle = (p.length - 1) / 2;
  const sum = (u: Float64Array, v: Float64Array) =>
    u.reduce((total, rank, i) => total + (rank - middle) * (v[i] - middle), 0);
  return sum(p, q) / Math.sqrt(sum(p, p) * sum(q, q));
}

/** From 0; equal values share the mean of theirs. */
function ranks(values: Float32Array): Float64Array {
  const order = [...values.keys()].sort((i, j) => values[i] - values[j]);
  const found = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) found[order[k]] = (start + end - 1) / 2;
  }
  return found;
}

/** The cell with a level more or less in every second value: nothing that an eye would see. */
function noisy({ width, height, data }: CellImage): CellImage {
  const level = (value: number, i: number) => Math.min(255, value + Math.floor(3 * hash(1, i, 0)) - 1);
  return { width, height, data: data.map((value, i) => (value === 0 ? 0 : level(value, i))) };
}

test('the sanity check of Adebayo et al.: a network with random weights has another map', async () => {
  const lines: string[] = [];
  const compare = async (name: string, classifier: Classifier, change = (image: CellImage) => image) => {
    const found = [];
    for (const { image } of COMPARED) {
      const own = maps.get(image) as HeatMap;
      const { evidence } = await heatMap(change(image), classifier.logOdds);
      const most = Math.max(...evidence.map(Math.abs)) / Math.max(...own.evidence.map(Math.abs));
      found.push({ correlation: rankCorrelation(image, own.evidence, evidence), most });
    }
    const text = found.map(({ correlation, most }) => `${correlation.toFixed(2)} (${most.toFixed(3)})`);
    lines.push(`${name}: ${text.join(', ')}`);
    return found;
  };

  const same = await compare('a level of noise', trained, noisy);
  const [random, reordered] = [[] as typeof same, [] as typeof same];
  for (const [name, seeds, layers, colours] of [
    ['all layers, nothing from colours', [1, 2, 3], /./, unweighted],
    ['all layers, colours shuffled', [1, 2, 3], /./, shuffled],
    ['all layers', [1], /./],
    ['stage 3 and the last layer', [1, 2], /^(stage-3|dense)-/],
    ['the last layer', [1, 2], /^dense-/],
  ] as const) {
    for (const seed of seeds) {
      const classifier = await redrawn(seed, layers, colours);
      const found = await compare(`random ${name}, seed ${seed}`, classifier);
      if (colours === unweighted) random.push(...found);
      if (colours === shuffled) reordered.push(...found);
      await classifier.close();
    }
  }
  console.log(
    `Rank correlation with the map of the trained network, and the most evidence as a share of its, two cells:\n${lines.join('\n')}`,
  );
  // Noise of one level moves no peak and hardly a rank.
  for (const { correlation } of same) expect(correlation).toBeGreaterThan(0.95);
  // The last layer alone proves nothing: training makes the features it weighs vary together, so other weights scale the map.
  // A random network answers to hiding a dark spot, too, up or down by chance: correlations lie about 0, far from 1, and
  // of evidence there is so little that the figure's colours show none.
  const mean = (of: typeof same) => of.reduce((sum, { correlation }) => sum + correlation, 0) / of.length;
  expect(mean(random)).toBeLessThan(0.3);
  // Of colours with other weights there is evidence, but elsewhere.
  expect(mean(reordered)).toBeLessThan(0.3);
  for (const { correlation, most } of random) {
    expect(correlation).toBeLessThan(0.6);
    expect(most).toBeLessThan(0.05);
  }
});

test('the strongest peak lies on the drawn parasite, or two pixels beside it', () => {
  const distances = pairs.map(({ image, bodies }) => {
    const [peak] = maps.get(image)?.peaks ?? [];
    const pixels = [...bodies.keys()].filter((i) => bodies[i] === 1);
    return Math.min(
      ...pixels.map((i) =>
        Math.hypot((i % image.width) + 0.5 - peak.x, Math.floor(i / image.width) + 0.5 - peak.y),
      ),
    );
  });
  const shares = pairs.map(
    ({ image, bodies }) => bodies.filter((one) => one === 1).length / cellMask(image).area,
  );
  console.log(`Pixels from the parasite: ${distances.map((d) => d.toFixed(1)).join(', ')}`);
  console.log(`Its share of the cell: ${shares.map((share) => share.toFixed(2)).join(', ')}`);
  // By chance a peak would lie on it, or as near, in one cell of five at most.
  expect(Math.max(...shares)).toBeLessThan(0.2);
  expect(distances.filter((distance) => distance <= 2).length).toBeGreaterThanOrEqual(5);
});
