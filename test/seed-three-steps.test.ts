import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import { countParameters, resolve } from '../src/network/graph.ts';
import { createLearner } from '../src/network/learner.ts';
import type { Network, Parameter } from '../src/network/network.ts';
import { seed } from '../src/recipes/seed.ts';

// test/fixtures/seed-three-steps/README.md defines the numbers made of a hash.

interface Index {
  readonly batch: number;
  readonly steps: readonly { readonly loss: number }[];
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly stream: number;
    readonly centre: number;
    readonly bound: number;
    readonly norm: number;
    readonly every: number;
    readonly offset: number;
    readonly count: number;
  }[];
}

const folder = new URL('fixtures/seed-three-steps/', import.meta.url);
const index: Index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'));
const network: Network = {
  ...seed.network,
  layers: seed.network.layers.filter(({ type }) => type !== 'dropout'),
};

test('the seed network has the parameters of the starting project', () => {
  expect(countParameters(resolve(seed.network))).toEqual({ trainable: 674273, other: 1792 });
});

test.each([true, false])('three Adam steps from fixed weights equal Keras (fused: %s)', async (fuse) => {
  const engine = await createEngine();
  const learner = await createLearner(engine, network, initialWeights(), {
    batch: index.batch,
    seed: 1,
    optimiser: seed.training.optimiser,
    fuse,
  });
  learner.images(index.batch).set(images());
  learner.targets(index.batch).set(Array.from({ length: index.batch }, (_, n) => n % 2));
  for (const [i, { loss }] of index.steps.entries()) {
    const result = await learner.step(index.batch, { learningRate: 1e-3, step: i + 1 });
    expect(Math.abs(result.loss - loss), `loss of step ${i + 1}`).toBeLessThan(1e-5);
  }
  const stored = gunzipSync(readFileSync(new URL('tensors.f32.gz', folder)));
  const values = new Float32Array(stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.length));
  const weights = learner.weights('current');
  for (const { name, every, offset, count, norm } of index.tensors) {
    const data = weights.get(name)?.data ?? new Float32Array();
    let [difference, whole] = [0, 0];
    for (let i = 0; i < count; i++) {
      difference += (data[i * every] - values[offset + i]) ** 2;
      whole += values[offset + i] ** 2;
    }
    expect(Math.sqrt(difference / whole), name).toBeLessThan(1e-3);
    const length = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
    expect(Math.abs(length - norm) / norm, name).toBeLessThan(1e-3);
  }
  await engine.close();
});

function initialWeights(): Map<string, Parameter> {
  return new Map(
    index.tensors.map(({ name, shape, stream, centre, bound }) => {
      const bits = hashStream(stream);
      const length = shape.reduce((product, n) => product * n, 1);
      const data = Float32Array.from({ length }, (_, i) => {
        return centre + (((bits(i) >>> 8) - 8388608) / 8388608) * bound;
      });
      return [name, { shape, trainable: !/mean|variance/.test(name), data }];
    }),
  );
}

function images(): Float32Array {
  const size = 150;
  const out = new Float32Array(index.batch * size * size * 3);
  let at = 0;
  for (let n = 0; n < index.batch; n++) {
    const [colour, noise, coloured] = [276000 + n, 277000 + n, 278000 + n].map(hashStream);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const block = Math.floor(y / 50) * 3 + Math.floor(x / 50);
        for (let c = 0; c < 3; c++, at++) {
          const base = coloured(block) >>> 24 < 64 ? Math.min(colour(block * 3 + c) >>> 24, 239) : 0;
          out[at] = (base + (noise((y * size + x) * 3 + c) >>> 28)) / 255;
        }
      }
    }
  }
  return out;
}

function hashStream(number: number): (index: number) => number {
  const start = hash32(number);
  return (i) => hash32((i + start) >>> 0);
}

function hash32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
