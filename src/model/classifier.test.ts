import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { everyLayer, testModel } from '../../test/support/test-model.ts';
import { encodePng } from '../cells/encode.ts';
import type { CellImage } from '../cells/image.ts';
import { createEngine } from '../engine/engine.ts';
import type { Network } from '../network/network.ts';
import { standard } from '../recipes/default.ts';
import type { Preprocessing } from '../recipes/preprocessing.ts';
import { random } from '../recipes/random.ts';
import { seed } from '../recipes/seed.ts';
import { type Classifier, createClassifier } from './classifier.ts';
import { explain } from './explanation/explain.ts';
import { writeModel } from './file.ts';

const opened: Classifier[] = [];
afterAll(async () => {
  for (const classifier of opened) await classifier.close();
});

async function open(network: Network, preprocessing?: Preprocessing) {
  const bytes = await writeModel(testModel(network, preprocessing));
  const classifier = await createClassifier(await createEngine(), bytes);
  opened.push(classifier);
  return { bytes, classifier };
}

/** A disc of one colour on black with a darker spot, both by the seed. */
function disc(height: number, width: number, seed: number): CellImage {
  const draw = random(seed);
  const [red, green, blue, x0, y0] = Array.from({ length: 5 }, draw);
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(2 * x + 1) / width - 1, (2 * y + 1) / height - 1];
      if (u * u + v * v > 1) continue;
      const light = (u - x0) ** 2 + (v - y0) ** 2 < 0.1 ? 120 : 250;
      data.set([light * red, light * green, light * blue], (y * width + x) * 3);
    }
  }
  return { height, width, data };
}

const sizes = [
  [1, 1],
  [46, 40],
  [40, 46],
  [394, 385],
  [130, 130],
  [131, 97],
  [17, 20],
  [200, 60],
  [3, 300],
];
const images = sizes.map(([height, width], i) => disc(height, width, i));

/** What ONNX Runtime says of each image, from its raw pixels. */
async function judge(bytes: Uint8Array, images: readonly CellImage[]): Promise<number[]> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const probabilities: number[] = [];
  for (const { height, width, data } of images) {
    const { probability } = await session.run({ image: new Tensor('uint8', data, [1, height, width, 3]) });
    expect(probability.dims).toEqual([1]);
    probabilities.push(probability.data[0] as number);
  }
  return probabilities;
}

describe('gives the probabilities that ONNX Runtime gives from the same file', () => {
  const cases: [string, Network, Preprocessing?][] = [
    ['a network with every layer', everyLayer],
    ['the seed recipe', seed.network, seed.preprocessing],
    ['the default recipe', standard.network, standard.preprocessing],
  ];
  it.each(cases)('%s', async (_, network, preprocessing) => {
    const { bytes, classifier } = await open(network, preprocessing);
    const theirs = await judge(bytes, images);
    const ours = await classifier.classify(images);
    ours.forEach(({ probability }, i) => {
      expect(Math.abs((probability as number) - theirs[i]), `${sizes[i]}`).toBeLessThan(1e-5);
    });
    expect(new Set(theirs).size, 'the test says nothing where all are alike').toBeGreaterThan(5);
  });
});

describe('classify', () => {
  it('gives an error for a probability that is not a number, not a label', async () => {
    const model = testModel({
      input: { height: 8, width: 8, channels: 3 },
      layers: [
        { type: 'convolution', filters: 2, kernel: 1, name: 'large' },
        { type: 'flatten' },
        { type: 'dense', units: 1, name: 'difference' },
      ],
    });
    // Finite weights, whose products overflow: infinity less infinity.
    model.weights.get('large/kernel')?.data.fill(0);
    model.weights.get('large/bias')?.data.fill(3e38);
    model.weights.get('difference/kernel')?.data.forEach((_, i, data) => {
      data[i] = i % 2 === 0 ? 3e38 : -3e38;
    });
    const classifier = await createClassifier(await createEngine(), await writeModel(model));
    opened.push(classifier);
    expect(await classifier.classify(images[0])).toMatchObject({
      label: null,
      probability: null,
      errorCode: 'bad-model',
    });
  });

  it('gives the same from an image file as from its pixels, and from one image as from many', async () => {
    const { classifier } = await open(everyLayer);
    const files = images.slice(0, 4).map(encodePng);
    const together = await classifier.classify(files);
    expect(await classifier.classify(images.slice(0, 4))).toEqual(together);
    expect(await classifier.classify(files[2])).toEqual(together[2]);
  });

  it("says parasitized from the threshold on: the model's own, or the one given", async () => {
    const { classifier } = await open(everyLayer);
    const [{ probability, threshold }] = await classifier.classify([images[1]]);
    expect(threshold).toBe(0.25);
    const at = async (threshold: number) => (await classifier.classify(images[1], { threshold })).label;
    expect(await at(probability as number)).toBe('parasitized');
    expect(await at((probability as number) + 1e-6)).toBe('uninfected');
    await expect(at(1.5)).rejects.toMatchObject({ code: 'bad-threshold' });
    await expect(at(Number.NaN)).rejects.toMatchObject({ code: 'bad-threshold' });
  });

  it('names what cannot be read and reads the rest, over more than one batch', async () => {
    const { classifier } = await open(everyLayer);
    const good = encodePng(images[6]);
    const inputs = Array.from({ length: 150 }, (_, i) => (i % 5 === 0 ? good.subarray(0, i) : good));
    const predictions = await classifier.classify(inputs);
    expect(predictions).toHaveLength(150);
    const expected = await classifier.classify(good);
    predictions.forEach((prediction, i) => {
      if (i % 5 !== 0) expect(prediction).toEqual(expected);
      else {
        expect(prediction).toMatchObject({ label: null, probability: null, threshold: 0.25, reason: null });
        expect(prediction.error).toMatch(i === 0 ? 'empty' : /./);
        expect(prediction.errorCode).toBe(i === 0 ? 'empty-image' : i < 8 ? 'not-an-image' : 'damaged-image');
      }
    });
    expect(await classifier.classify([])).toEqual([]);
  });

  it('ends when it is aborted, and works on', async () => {
    const { classifier } = await open(everyLayer);
    const abort = new AbortController();
    async function* endless() {
      for (let i = 0; ; i++) {
        if (i === 200) abort.abort(new Error('enough'));
        yield images[0];
      }
    }
    let count = 0;
    await expect(async () => {
      for await (const _ of classifier.classifyEach(endless(), { signal: abort.signal })) count++;
    }).rejects.toThrow('enough');
    expect(count).toBeGreaterThan(0);
    expect((await classifier.classify(images[0])).error).toBeNull();
  });

  it('ends by a signal from outside, though it has all images at hand and one thread', async () => {
    const { classifier } = await open(everyLayer);
    // Aborted in a task of its own, as by a button of a page.
    const abort = new AbortController();
    setImmediate(() => abort.abort(new Error('enough')));
    let taken = 0;
    function* all() {
      for (; taken < 100_000; taken++) yield images[0];
    }
    const classified = async () => {
      for await (const { error } of classifier.classifyEach(all(), { signal: abort.signal }))
        expect(error).toBeNull();
    };
    await expect(classified()).rejects.toThrow('enough');
    expect(taken).toBeLessThan(1000);
    // The last batch is no exception.
    const late = new AbortController();
    setImmediate(() => late.abort(new Error('late')));
    const few = Array.from({ length: 128 }, () => images[0]);
    await expect(classifier.classify(few, { signal: late.signal })).rejects.toThrow('late');
  });

  it('ends an explanation, and log-odds, by the signal', async () => {
    const { classifier } = await open(everyLayer);
    const signal = AbortSignal.abort(new Error('enough'));
    const many = Array.from({ length: 130 }, (_, i) => images[i % images.length]);
    await expect(classifier.logOdds(many, { signal })).rejects.toThrow('enough');
    await expect(classifier.logOdds(many.slice(0, 3), { signal })).rejects.toThrow('enough');
    // It comes between the prediction and its map.
    const abort = new AbortController();
    const late = {
      ...classifier,
      classify: async (image: never) => {
        const prediction = await classifier.classify(image);
        abort.abort(new Error('too long'));
        return prediction;
      },
    } as Classifier;
    await expect(explain(late, disc(40, 40, 1), { signal: abort.signal })).rejects.toThrow('too long');
  });

  it('closes the engine it was given where the file is no model', async () => {
    const engine = await createEngine();
    await expect(createClassifier(engine, new Uint8Array(9))).rejects.toMatchObject({ code: 'bad-model' });
    await expect(engine.run([])).rejects.toMatchObject({ code: 'closed' });
  });

  it('keeps calls at the same time apart', async () => {
    const { classifier } = await open(everyLayer);
    const many = Array.from({ length: 130 }, (_, i) => images[i % images.length]);
    const alone = await classifier.classify(many);
    const [first, second] = await Promise.all([
      classifier.classify(many),
      classifier.classify([...many].reverse()),
    ]);
    expect(first).toEqual(alone);
    expect(second.reverse()).toEqual(alone);
  });

  it('refuses work once closed', async () => {
    const { classifier } = await open(everyLayer);
    await classifier.close();
    await expect(classifier.classify(images[0])).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('pixels of a caller', () => {
  const rgb = disc(20, 30, 5);
  const ofLength = (length: number) => ({ width: 30, height: 20, data: new Uint8ClampedArray(length) });
  it.each([
    ['a canvas, four bytes a pixel', ofLength(4 * 600), 'four a pixel, as a canvas has them'],
    ['too few bytes', ofLength(1799), '1800 bytes, red, green and blue of each; this one has 1799'],
    ['no pixels', { width: 0, height: 0, data: new Uint8Array(0) }, 'whole sides of 1 or more'],
    ['a path', 'cell.png', 'the bytes of its file'],
    ['an ArrayBuffer', new ArrayBuffer(9), 'the bytes of its file'],
    ['nothing', null, 'the bytes of its file'],
  ])('%s: an error that says so, and the others are classified', async (_name, wrong, said) => {
    const { classifier } = await open(seed.network, seed.preprocessing);
    const [good, bad] = await classifier.classify([rgb, wrong as never]);
    expect(bad).toMatchObject({ label: null, probability: null, errorCode: 'wrong-pixels' });
    expect(bad.error).toContain(said);
    expect(good).toEqual(await classifier.classify(rgb));
    expect(good.error).toBeNull();
  });
});
