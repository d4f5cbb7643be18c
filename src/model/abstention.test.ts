import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { everyLayer, testModel, testWeights } from '../../test/support/test-model.ts';
import { type Appearance, appearanceOf } from '../cells/appearance.ts';
import { drawCells } from '../cells/draw.ts';
import { drawNonCells } from '../cells/draw-non-cells.ts';
import type { CellImage } from '../cells/image.ts';
import { usualAppearance } from '../cells/unusual.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import type { Network, Weights } from '../network/network.ts';
import { createPredictor } from '../network/predictor.ts';
import { preprocess } from '../recipes/preprocessing.ts';
import { random } from '../recipes/random.ts';
import { type Classifier, createClassifier } from './classifier.ts';
import { type Model, readModel, writeModel } from './file.ts';
import type { ModelMetadata } from './metadata.ts';
import { type OutlierDetector, outlierScores } from './outlier.ts';

const images = drawCells({ count: 40, seed: 1 }).map(({ image }) => image);
const appearance = usualAppearance(images.map((image) => appearanceOf(image) as Appearance));
/** Has layers of the names that the classifying network's have, too. */
const plateletNetwork: Network = {
  input: everyLayer.input,
  layers: [
    { type: 'convolution', filters: 4, kernel: 3, stride: 2, name: 'first' },
    { type: 'relu', name: 'stem' },
    { type: 'global-average-pooling' },
    { type: 'dense', units: 1 },
  ],
};
const abstention: NonNullable<ModelMetadata['abstention']> = {
  outlier: { method: 'mahalanobis', threshold: 1, scaledOn: 'val, 99.8th percentile' },
  platelet: {
    method: 'network',
    network: plateletNetwork,
    threshold: 0,
    scaledOn: 'val, at most 2 % of the cells called parasitized',
  },
  appearance,
  band: null,
  chosenOn: 'val, at most 2.5 % too near to the threshold',
};

/** Features of the test network; the detector's numbers are drawn. */
const FEATURES = 8;
const draw = random(5, 1);
const drawn = (length: number) => Float32Array.from({ length }, () => draw() - 0.5);
const detector: OutlierDetector = {
  mean: drawn(FEATURES),
  whitening: drawn(FEATURES * FEATURES),
  uninfected: drawn(FEATURES),
  parasitized: drawn(FEATURES),
};
const plateletWeights = testWeights(plateletNetwork, 3);
/** Every image is as the training cells are. */
const indifferent: OutlierDetector = {
  ...detector,
  whitening: new Float32Array(FEATURES * FEATURES),
  uninfected: new Float32Array(FEATURES),
};
/** Says this of every image. */
const alwaysScores = (score: number): Weights =>
  new Map(
    [...plateletWeights].map(([key, parameter]) => [
      key,
      { ...parameter, data: parameter.data.map(() => (key === 'dense-1/bias' ? score : 0)) },
    ]),
  );
/** No image is like a cell under a platelet. */
const noPlatelet = alwaysScores(-1);

function modelWith(
  outlier: OutlierDetector,
  platelet: Weights = noPlatelet,
  changes: Partial<typeof abstention> = {},
): Model {
  const model = testModel(everyLayer);
  const metadata = { ...model.metadata, abstention: { ...abstention, ...changes } };
  return { ...model, outlier, platelet, metadata };
}

let engine: Engine;
const opened: Classifier[] = [];
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(async () => {
  for (const classifier of opened) await classifier.close();
  await engine.close();
});

async function open(model: Model): Promise<Classifier> {
  const classifier = await createClassifier(await createEngine(), await writeModel(model));
  opened.push(classifier);
  return classifier;
}

describe('the file', () => {
  it('keeps detectors, calibration and abstention, and the same model gives the same bytes', async () => {
    const model = modelWith(detector, plateletWeights, { band: { low: 0.25, high: 0.5 } });
    const calibration = { method: 'temperature', temperature: 1.25, chosenOn: 'val, 40 cells' } as const;
    const whole: Model = { ...model, metadata: { ...model.metadata, calibration } };
    const bytes = await writeModel(whole);
    expect(await readModel(bytes)).toEqual(whole);
    expect(await writeModel(whole)).toEqual(bytes);
  });

  it('is refused where it says to abstain and has no detector', async () => {
    const { outlier: _, ...without } = modelWith(detector);
    await expect(writeModel(without).then(readModel)).rejects.toThrow('lacks the weights /outlier/mean');
  });

  it('is refused where it says to doubt platelets and has nothing to tell them by', async () => {
    const { platelet: _, ...without } = modelWith(detector);
    await expect(writeModel(without).then(readModel)).rejects.toThrow(
      'lacks the weights /platelet/first/kernel',
    );
  });

  it('is refused where the network that tells platelets gives no logit, or reads other images', async () => {
    const layers = plateletNetwork.layers.slice(0, -1);
    const withNetwork = (network: Network) =>
      writeModel(
        modelWith(detector, testWeights(network), {
          platelet: { ...(abstention.platelet as typeof abstention.platelet & object), network },
        }),
      ).then(readModel);
    await expect(withNetwork({ ...plateletNetwork, layers })).rejects.toThrow('its network gives [4]');
    const input = { ...plateletNetwork.input, width: 24 };
    await expect(withNetwork({ ...plateletNetwork, input })).rejects.toThrow('its network takes 17x24');
  });

  it('of a model that abstains, but knows no platelets, is read', async () => {
    const { platelet: _, ...without } = modelWith(detector);
    const { platelet: __, ...old } = abstention;
    const model: Model = { ...without, metadata: { ...without.metadata, abstention: old } };
    expect(await readModel(await writeModel(model))).toEqual(model);
  });

  it('of a model without a detector has one output', async () => {
    const session = await InferenceSession.create(await writeModel(testModel()), { logSeverityLevel: 3 });
    expect(session.outputNames).toEqual(['probability']);
  });
});

test('ONNX Runtime gives our scores', async () => {
  const model = modelWith(detector, plateletWeights);
  const { network, preprocessing, weights } = model;
  const session = await InferenceSession.create(await writeModel(model), { logSeverityLevel: 3 });
  expect(session.outputNames).toEqual(['probability', 'outlier', 'platelet']);
  const predictor = createPredictor(engine, network, weights, 1);
  const platelets = createPredictor(engine, plateletNetwork, plateletWeights, 1);
  const all: Record<'outlier' | 'platelet', number[]> = { outlier: [], platelet: [] };
  for (const image of images.slice(0, 12)) {
    const { width, height, data } = image;
    preprocess(image, preprocessing, predictor.images(1), 0);
    const { features } = await predictor.outputs(1);
    preprocess(image, preprocessing, platelets.images(1), 0);
    const ours = {
      outlier: outlierScores(detector, features)[0],
      platelet: (await platelets.logits(1))[0],
    };
    const theirs = await session.run({ image: new Tensor('uint8', data, [1, height, width, 3]) });
    for (const name of ['outlier', 'platelet'] as const) {
      expect(theirs[name].dims).toEqual([1]);
      expect(Math.abs((theirs[name].data[0] as number) - ours[name])).toBeLessThan(1e-4);
      all[name].push(ours[name]);
    }
  }
  for (const scores of Object.values(all)) {
    expect(new Set(scores).size, 'the test says nothing where all are alike').toBeGreaterThan(5);
  }
});

describe('a label is indeterminate', () => {
  const nonCells = new Map(drawNonCells(1).map(({ name, image }) => [name, image]));

  it('where the image is no usual cell, in the words of its measures', async () => {
    const classifier = await open(modelWith(indifferent));
    const reasons = {
      black: 'no cell',
      'tiny, 3 x 3': 'too small',
      'landscape, green': 'not cut out on black',
      'two cells, side by side': 'two cells',
      'cell stained blue': 'another stain',
    };
    const predictions = await classifier.classify(
      Object.keys(reasons).map((name) => nonCells.get(name) as CellImage),
    );
    expect(predictions.map(({ reason }) => reason)).toEqual(Object.values(reasons));
    for (const { label, probability, error } of predictions) {
      expect(label).toBe('indeterminate');
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(error).toBeNull();
    }
  });

  it('where the network has seen nothing like it', async () => {
    const ones = new Float32Array(FEATURES).fill(1);
    const classifier = await open(modelWith({ ...indifferent, uninfected: ones, parasitized: ones }));
    expect(await classifier.classify(images[0])).toMatchObject({
      label: 'indeterminate',
      reason: 'unlike the cells it was trained on',
    });
  });

  it('where it would be called parasitized and may be a platelet', async () => {
    const classifier = await open(modelWith(indifferent, alwaysScores(1)));
    const sorted = (await classifier.classify(images)).map(({ probability }) => probability as number).sort();
    const predictions = await classifier.classify(images, { threshold: sorted[images.length / 2] });
    expect(new Set(predictions.map(({ label }) => label))).toEqual(new Set(['indeterminate', 'uninfected']));
    for (const { label, probability, threshold, reason } of predictions) {
      const isPositive = (probability as number) >= threshold;
      expect([label, reason]).toEqual(
        isPositive ? ['indeterminate', 'perhaps a platelet'] : ['uninfected', null],
      );
    }
    const all = await classifier.classify(images, { threshold: 0 });
    expect(all.every(({ label }) => label === 'indeterminate')).toBe(true);
  });

  it('where the probability is in the band, which moves with the threshold', async () => {
    const without = await (await open(modelWith(indifferent))).classify(images);
    expect(without.every(({ label }) => label !== 'indeterminate')).toBe(true);
    const sorted = without.map(({ probability }) => probability as number).sort((a, b) => a - b);
    const [low, high] = [sorted[10], sorted[20]];
    const model = modelWith(indifferent, noPlatelet, { band: { low, high } });
    const classifier = await open({ ...model, metadata: { ...model.metadata, threshold: sorted[15] } });
    for (const { label, probability, reason } of await classifier.classify(images)) {
      const isIn = (probability as number) >= low && (probability as number) <= high;
      expect(reason).toBe(isIn ? 'too near to the threshold to call' : null);
      expect(label === 'indeterminate').toBe(isIn);
    }
    const certain = await classifier.classify(images, { threshold: 0 });
    expect(certain.every(({ label }) => label === 'parasitized')).toBe(true);
    const moved = await classifier.classify(images, { threshold: 0.999999 });
    expect(moved.every(({ label }) => label === 'uninfected')).toBe(true);
  });

  it('never of a model that was not trained to say so', async () => {
    const classifier = await open(testModel());
    const predictions = await classifier.classify([...nonCells.values()]);
    expect(predictions.every(({ label, reason }) => label !== 'indeterminate' && reason === null)).toBe(true);
  });
});
