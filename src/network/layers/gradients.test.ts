import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { difference } from '../../../test/support/close.ts';
import { runLayers, type Tensor } from '../../../test/support/run-layers.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import type { LayerSpec } from '../network.ts';

/** Made by scripts/reference/make_gradients.py: PyTorch's autodiff in float64. */
interface Fixture {
  readonly layer: LayerSpec;
  readonly inputs: readonly Tensor[];
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly output: Tensor;
  readonly outputGradient: Tensor;
  readonly inputGradients: readonly Tensor[];
  readonly parameterGradients: Readonly<Record<string, Tensor>>;
  readonly running?: Readonly<Record<string, Tensor>>;
}

const folder = new URL('../../../test/fixtures/gradients/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

test.each(files)('output and gradients equal PyTorch: %s', async (file) => {
  const fixture: Fixture = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const { inputs } = fixture;
  const parameters = new Map(
    Object.entries(fixture.parameters).map(([name, tensor]) => [`layer/${name}`, tensor]),
  );
  const from = inputs.map((_, i) => 'ab'[i]);
  const run = await runLayers(
    engine,
    [{ ...fixture.layer, name: 'layer', from }],
    inputs,
    parameters,
    () => fixture.outputGradient.data,
  );
  expect(difference(run.output, fixture.output)).toBeLessThan(1e-5);
  inputs.forEach((_, i) => {
    expect(difference(run.inputGradients[i], fixture.inputGradients[i])).toBeLessThan(1e-5);
  });
  for (const [name, tensor] of Object.entries(fixture.parameterGradients)) {
    const gradient = run.parameterGradients.get(`layer/${name}`);
    expect(gradient && difference(gradient, tensor), name).toBeLessThan(1e-5);
  }
  for (const [name, tensor] of Object.entries(fixture.running ?? {})) {
    const moved = run.statistics.get(`layer/${name}`);
    expect(moved && difference(moved, tensor), name).toBeLessThan(1e-6);
  }
});
