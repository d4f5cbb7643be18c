import fc from 'fast-check';
import { expect } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { resolveLayers } from '../../src/network/graph.ts';
import type { LayerSpec } from '../../src/network/network.ts';
import { random } from '../../src/recipes/random.ts';
import { finiteDifferences } from '../reference/finite-differences.ts';
import { references } from '../reference/layers.ts';
import { difference } from './close.ts';
import { runLayers, type Tensor } from './run-layers.ts';

/** A layer with the shapes of its inputs, batch first. */
export interface LayerCase {
  readonly layer: LayerSpec;
  readonly shapes: readonly (readonly number[])[];
}

/** Small batches, sides and channels: batch of one, one channel, odd sizes and whole vectors all come up. */
export const sizes = {
  batch: fc.integer({ min: 1, max: 3 }),
  side: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 16),
};

/**
 * Over random cases: the engine's output equals the float64 reference's, and its gradients equal central differences of
 * the reference (at 32 places of each tensor).
 */
export async function checkLayer(
  engine: Engine,
  cases: fc.Arbitrary<LayerCase>,
  options: { readonly runs?: number } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(), async ({ layer, shapes }, seed) => {
      const from = shapes.map((_, i) => 'ab'[i]);
      const spec = { ...layer, name: 'layer', from };
      const inputs: readonly Tensor[] = shapes.map((shape, i) => distinctValues(shape, seed, i));
      const [node] = resolveLayers(
        shapes.map((shape, i) => ({ name: 'ab'[i], shape: shape.slice(1) })),
        [spec],
      ).nodes;
      const parameters = Object.fromEntries(
        node.parameters.map(({ name, shape }, i) => [name, distinctValues(shape, seed, 10 + i)]),
      );
      const reference = references[layer.type];
      const expected = reference(spec, inputs, parameters);
      const outputGradient = distinctValues(expected.shape, seed, 20);
      const run = await runLayers(
        engine,
        [spec],
        inputs,
        new Map(Object.entries(parameters).map(([name, tensor]) => [`layer/${name}`, tensor])),
        () => outputGradient.data,
      );
      expect(difference(run.output, expected)).toBeLessThan(2e-5);
      const loss = (output: Tensor) =>
        outputGradient.data.reduce((sum, gradient, i) => sum + gradient * output.data[i], 0);
      const checkGradient = (
        name: string,
        values: Tensor,
        actual: Tensor | undefined,
        changedOutput: (changed: Tensor) => Tensor,
      ) => {
        const positions = somePositions(values.data.length, seed);
        const gradient = finiteDifferences(values, positions, (changed) => loss(changedOutput(changed)));
        const chosen = positions.map((i) => actual?.data[i] ?? Number.NaN);
        const shape = [positions.length];
        expect(difference({ shape, data: chosen }, { shape, data: gradient }), name).toBeLessThan(2e-5);
      };
      inputs.forEach((input, i) => {
        checkGradient(`input ${i}`, input, run.inputGradients[i], (changed) =>
          reference(spec, inputs.with(i, changed), parameters),
        );
      });
      for (const { name, trainable } of node.parameters) {
        if (!trainable) continue;
        checkGradient(name, parameters[name], run.parameterGradients.get(`layer/${name}`), (changed) =>
          reference(spec, inputs, { ...parameters, [name]: changed }),
        );
      }
    }),
    { numRuns: options.runs ?? 25 },
  );
}

/** At most 32 positions of an array, drawn anew for each case. */
function somePositions(length: number, seed: number): number[] {
  const draw = random(seed, 30);
  if (length <= 32) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: 32 }, () => Math.floor(draw() * length));
}

/** Values between -1 and 1, exact in float32, none zero and no two equal: no maximum is tied, no ReLU on its edge. */
export function distinctValues(
  shape: readonly number[],
  seed: number,
  key: number,
): Tensor & { data: number[] } {
  const length = shape.reduce((product, n) => product * n, 1);
  const draw = random(seed, key);
  const half = 2 ** Math.ceil(Math.log2(length + 1));
  const data = Array.from(
    { length },
    (_, i) => (2 * i + 1 - length - ((length + 1) % 2)) / half || 1 / (2 * half),
  );
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [data[i], data[j]] = [data[j], data[i]];
  }
  return { shape, data };
}
