import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import { convolutionBackwardScratch, convolutionForwardScratch } from './kernels-scratch.ts';
import {
  poolScratch,
  WINOGRAD_WEIGHTS_SCRATCH,
  winogradBackwardScratch,
  winogradForwardScratch,
  winogradGradientScratch,
} from './winograd-scratch.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

interface Shapes {
  images: number;
  h: number;
  w: number;
  cin: number;
  cout: number;
  k: number;
  stride: number;
  pad: number;
}

/** Values that need few bits, in an order that looks random, so that float32 sums are nearly exact. */
function values(count: number, seed: number): number[] {
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) % 2001) / 1000 - 1;
  });
}

function place(numbers: readonly number[]): number {
  const address = engine.allocate(4 * numbers.length);
  engine.f32(address, numbers.length).set(numbers);
  return address;
}

function outputSize({ h, w, k, stride, pad }: Shapes): [number, number] {
  return [Math.floor((h + 2 * pad - k) / stride) + 1, Math.floor((w + 2 * pad - k) / stride) + 1];
}

/** Calls `visit` for every multiplication of a convolution, with the places of its three numbers. */
function everyProduct(s: Shapes, visit: (x: number, w: number, y: number) => void): void {
  const [ho, wo] = outputSize(s);
  for (let n = 0; n < s.images; n++)
    for (let i = 0; i < ho; i++)
      for (let j = 0; j < wo; j++)
        for (let a = 0; a < s.k; a++)
          for (let b = 0; b < s.k; b++) {
            const y = i * s.stride + a - s.pad;
            const x = j * s.stride + b - s.pad;
            if (y < 0 || x < 0 || y >= s.h || x >= s.w) continue;
            for (let c = 0; c < s.cin; c++)
              for (let o = 0; o < s.cout; o++)
                visit(
                  ((n * s.h + y) * s.w + x) * s.cin + c,
                  ((a * s.k + b) * s.cin + c) * s.cout + o,
                  ((n * ho + i) * wo + j) * s.cout + o,
                );
          }
}

/** The convolution and its gradients in float64, by the definition. */
function reference(s: Shapes, x: number[], w: number[], bias: number[], dy: number[]) {
  const y = dy.map((_, index) => bias[index % s.cout]);
  const dx = x.map(() => 0);
  const dw = w.map(() => 0);
  const db = bias.map(() => 0);
  dy.forEach((value, index) => {
    db[index % s.cout] += value;
  });
  everyProduct(s, (xi, wi, yi) => {
    y[yi] += x[xi] * w[wi];
    dx[xi] += dy[yi] * w[wi];
    dw[wi] += dy[yi] * x[xi];
  });
  return { y, dx, dw, db };
}

function distance(address: number, expected: number[]): number {
  const got = engine.f32(address, expected.length);
  let difference = 0;
  let size = 1e-12;
  expected.forEach((value, index) => {
    difference += (got[index] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

function problem(s: Shapes) {
  const [ho, wo] = outputSize(s);
  const x = values(s.images * s.h * s.w * s.cin, 1);
  const w = values(s.k * s.k * s.cin * s.cout, 2);
  const bias = values(s.cout, 3);
  const dy = values(s.images * ho * wo * s.cout, 4);
  const at = { x: place(x), w: place(w), bias: place(bias), dy: place(dy) };
  return { ho, wo, x, w, bias, dy, at, expected: reference(s, x, w, bias, dy) };
}

const sizes = {
  images: fc.integer({ min: 1, max: 3 }),
  h: fc.integer({ min: 3, max: 11 }),
  w: fc.integer({ min: 3, max: 11 }),
};

describe('convolution by matrix products', () => {
  it('equals the definition, forward and both gradients, for any kernel, stride and padding', async () => {
    const shapes = fc.record({
      ...sizes,
      cin: fc.integer({ min: 1, max: 9 }),
      cout: fc.integer({ min: 1, max: 13 }),
      k: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.integer({ min: 0, max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async (s) => {
        const { ho, wo, at, expected } = problem(s);
        const [y, dx, dw, db] = [expected.y, expected.dx, expected.dw, expected.db].map((part) =>
          engine.allocate(4 * part.length),
        );
        const [partials, biasPartials] = [expected.dw, expected.db].map((part) =>
          engine.allocate(4 * part.length * s.images),
        );
        const shape = [
          s.h,
          s.w,
          s.cin,
          ho,
          wo,
          s.cout,
          s.k,
          s.k,
          s.stride,
          s.stride,
          s.pad,
          s.pad,
          1,
          s.images,
        ];
        const patch = s.k * s.k * s.cin;
        const scratch = Math.max(convolutionForwardScratch(patch), convolutionBackwardScratch(patch, s.cout));
        await engine.run([
          {
            kernel: 'convolutionForward',
            args: [at.x, at.w, at.bias, y, ...shape],
            chunks: s.images,
            scratch,
          },
          {
            kernel: 'convolutionBackward',
            args: [at.x, at.w, at.dy, dx, 0, partials, biasPartials, ...shape],
            chunks: s.images,
            scratch,
          },
          {
            kernel: 'sumPartials',
            args: [partials, dw, expected.dw.length, s.images],
            chunks: Math.ceil(expected.dw.length / 1024),
          },
          { kernel: 'sumPartials', args: [biasPartials, db, s.cout, s.images], chunks: 1 },
        ]);
        expect(distance(y, expected.y)).toBeLessThan(1e-6);
        expect(distance(dx, expected.dx)).toBeLessThan(1e-6);
        expect(distance(dw, expected.dw)).toBeLessThan(1e-6);
        expect(distance(db, expected.db)).toBeLessThan(1e-6);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('Winograd', () => {
  it('equals the definition, forward and both gradients, for ragged sizes, stride and padding', async () => {
    const shapes = fc.record({
      ...sizes,
      cin: fc.constantFrom(1, 3, 4, 8, 12),
      cout: fc.constantFrom(4, 8, 12, 20),
      k: fc.constant(3),
      stride: fc.integer({ min: 1, max: 2 }),
      pad: fc.integer({ min: 0, max: 1 }),
      tileRows: fc.integer({ min: 1, max: 3 }),
      imagesPerChunk: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ tileRows, imagesPerChunk, ...s }) => {
        const { ho, wo, at, expected } = problem(s);
        const strip = { tileRows, images: 4 * tileRows >= ho ? imagesPerChunk : 1 };
        const chunks = Math.ceil(s.images / imagesPerChunk);
        const [y, dx, dw, db] = [expected.y, expected.dx, expected.dw, expected.db].map((part) =>
          engine.allocate(4 * part.length),
        );
        const u = engine.allocate(36 * 4 * s.cin * Math.ceil(s.cout / 8) * 8);
        const uBackward = engine.allocate(36 * 4 * s.cout * Math.ceil(s.cin / 8) * 8);
        const partials = engine.allocate(36 * 4 * s.cin * s.cout * chunks);
        const biasPartials = engine.allocate(4 * s.cout * chunks);
        const shape = [s.h, s.w, s.cin, ho, wo, s.cout, s.stride, s.pad, tileRows, strip.images];
        shape.push(imagesPerChunk, s.images);
        const scratch = winogradBackwardScratch(wo, s.cin, s.cout, s.stride, strip);
        await engine.run([
          {
            kernel: 'winogradWeights',
            args: [at.w, u, s.cin, s.cout, s.stride, 0],
            chunks: s.cin,
            scratch: WINOGRAD_WEIGHTS_SCRATCH,
          },
          {
            kernel: 'winogradWeights',
            args: [at.w, uBackward, s.cin, s.cout, s.stride, 1],
            chunks: s.cout,
            scratch: WINOGRAD_WEIGHTS_SCRATCH,
          },
          {
            kernel: 'winogradForward',
            args: [at.x, 0, u, at.bias, y, 0, ...shape],
            chunks,
            scratch: winogradForwardScratch(wo, s.cin, s.cout, s.stride, strip),
          },
          {
            kernel: 'winogradBackward',
            args: [at.x, 0, uBackward, at.dy, 0, 0, 0, 0, dx, 0, 0, partials, biasPartials, ...shape],
            chunks,
            scratch,
          },
          {
            kernel: 'winogradWeightGradient',
            args: [partials, chunks, dw, s.cin, s.cout, s.stride],
            chunks: s.cin,
            scratch: winogradGradientScratch(s.cout),
          },
          { kernel: 'sumPartials', args: [biasPartials, db, s.cout, chunks], chunks: 1 },
        ]);
        // Twenty times tighter than the 1e-4 at which training notices; Winograd loses about three bits.
        expect(distance(y, expected.y)).toBeLessThan(5e-6);
        expect(distance(dx, expected.dx)).toBeLessThan(5e-6);
        expect(distance(dw, expected.dw)).toBeLessThan(5e-6);
        expect(distance(db, expected.db)).toBeLessThan(1e-6);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('convolution, ReLU and max pooling in one pass', () => {
  it('equals the three one after the other, and sends gradients to the maxima only', async () => {
    const shapes = fc.record({
      images: fc.integer({ min: 1, max: 2 }),
      h: fc.integer({ min: 6, max: 15 }),
      // Some rows have more windows than the kernel takes at a time.
      w: fc.oneof(fc.integer({ min: 6, max: 15 }), fc.integer({ min: 48, max: 62 })),
      cin: fc.constantFrom(3, 4, 8),
      cout: fc.constantFrom(4, 8, 12),
      k: fc.constant(3),
      stride: fc.constant(1),
      pad: fc.integer({ min: 0, max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async (s) => {
        const { ho, wo, x, w, bias, at, expected } = problem(s);
        const [hp, wp] = [ho >> 2, wo >> 2];
        const count = s.images * hp * wp * s.cout;
        const gradients = values(count, 5);
        const pooled = gradients.map(() => 0);
        const dz = expected.y.map(() => 0);
        for (let index = 0; index < count; index++) {
          const o = index % s.cout;
          const j = Math.floor(index / s.cout) % wp;
          const i = Math.floor(index / s.cout / wp) % hp;
          const n = Math.floor(index / s.cout / wp / hp);
          let where = -1;
          for (let q = 0; q < 16; q++) {
            const from = ((n * ho + 4 * i + (q >> 2)) * wo + 4 * j + (q & 3)) * s.cout + o;
            if (expected.y[from] > pooled[index]) {
              pooled[index] = expected.y[from];
              where = from;
            }
          }
          if (where >= 0) dz[where] = gradients[index];
        }
        const { dx: expectedInput, dw: expectedWeights, db: expectedBias } = reference(s, x, w, bias, dz);
        const wantsInput = s.cin % 4 === 0;
        const padded = 3 * Math.ceil((3 * s.cin) / 4) * 4;
        const u = engine.allocate(36 * 4 * s.cin * Math.ceil(s.cout / 8) * 8);
        const y = engine.allocate(4 * count);
        const places = engine.allocate(count);
        const dy = place(gradients);
        const dx = engine.allocate(4 * x.length);
        const partials = engine.allocate(4 * padded * s.cout * s.images);
        const biasPartials = engine.allocate(4 * s.cout * s.images);
        const dw = engine.allocate(4 * w.length);
        const db = engine.allocate(4 * s.cout);
        const shape = [s.h, s.w, s.cin, hp, wp, s.cout, s.pad, 1, s.images];
        const scratch = poolScratch(s.h, s.w, wp, s.cin, s.cout, s.pad);
        await engine.run([
          {
            kernel: 'winogradWeights',
            args: [at.w, u, s.cin, s.cout, 1, 0],
            chunks: s.cin,
            scratch: WINOGRAD_WEIGHTS_SCRATCH,
          },
          {
            kernel: 'convolutionPoolForward',
            args: [at.x, u, at.bias, y, places, ...shape],
            chunks: s.images,
            scratch,
          },
          {
            kernel: 'convolutionPoolBackward',
            args: [at.x, at.w, places, dy, wantsInput ? dx : 0, 0, partials, biasPartials, ...shape],
            chunks: s.images,
            scratch,
          },
          {
            kernel: 'convolutionPoolGradient',
            args: [partials, biasPartials, s.images, dw, db, s.cin, s.cout],
            chunks: s.cout,
          },
        ]);
        expect(distance(y, pooled)).toBeLessThan(5e-6);
        expect(distance(dw, expectedWeights)).toBeLessThan(1e-5);
        expect(distance(db, expectedBias)).toBeLessThan(1e-5);
        if (wantsInput) expect(distance(dx, expectedInput)).toBeLessThan(1e-5);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
