import type { Engine } from '../../src/engine/engine.ts';
import { operationsOf } from '../../src/network/fusion/index.ts';
import { resolveLayers } from '../../src/network/graph.ts';
import { sizeOf } from '../../src/network/layers/definition.ts';
import type { LayerSpec } from '../../src/network/network.ts';
import { allocateParameters } from '../../src/network/parameter-memory.ts';
import { placeInArena } from '../../src/network/plan/arena.ts';
import type { PlanBuffer } from '../../src/network/plan/context.ts';
import { lower } from '../../src/network/plan/lower.ts';

/** An array with its shape, batch first; plain numbers, so that references can hold float64. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface LayersRun {
  readonly output: Tensor;
  readonly inputGradients: readonly Tensor[];
  /** By `layer/parameter`, or `parameter` alone where there is one layer. Gradients of the trainable ones. */
  readonly parameterGradients: ReadonlyMap<string, Tensor>;
  /** Running statistics after the pass. */
  readonly statistics: ReadonlyMap<string, Tensor>;
}

/**
 * For tests: layers over inputs named `a`, `b`, ..., forward and backward in training mode, by the engine.
 * @param parameters by `layer/parameter`
 * @param outputGradient values of the gradient by the last layer's output
 */
export async function runLayers(
  engine: Engine,
  layers: readonly LayerSpec[],
  inputs: readonly Tensor[],
  parameters: ReadonlyMap<string, Tensor>,
  outputGradient: (shape: readonly number[]) => ArrayLike<number>,
  options: { readonly fuse?: boolean; readonly step?: number; readonly seed?: number } = {},
): Promise<LayersRun> {
  const batch = inputs[0].shape[0];
  // A first input that nobody reads: the image of a network never gets a gradient, but these inputs do.
  const graph = resolveLayers(
    [
      { name: 'image', shape: [1] },
      ...inputs.map(({ shape }, i) => ({ name: 'abcdef'[i], shape: shape.slice(1) })),
    ],
    layers,
  );
  const memory = allocateParameters(engine, graph);
  memory.load(
    new Map(
      graph.nodes.flatMap((node) =>
        node.parameters.map(({ name, shape, trainable }) => {
          const key = `${node.name}/${name}`;
          const data = Float32Array.from(parameters.get(key)?.data ?? []);
          return [key, { shape, trainable, data }];
        }),
      ),
    ),
  );
  const gradientBlock = engine.allocate(4 * memory.layout.trainable);
  const put = (name: string, values: ArrayLike<number>): PlanBuffer => {
    const address = engine.allocate(4 * values.length);
    engine.f32(address, values.length).set(values);
    return { name, bytes: 4 * values.length, address };
  };
  const step = engine.allocate(8);
  new Float64Array(engine.memory.buffer, step, 1)[0] = options.step ?? 1;
  const operations = operationsOf(graph, { training: true, fuse: options.fuse ?? false });
  const lowering = lower(graph, operations, {
    batch,
    training: true,
    inputs: [put('image', new Float32Array(batch)), ...inputs.map(({ data }, i) => put(`input ${i}`, data))],
    inputGradients: true,
    surroundings: {
      parameter: memory.address,
      gradient: (layer, name) => memory.address(layer, name) + gradientBlock - memory.trainable,
      step,
      seed: options.seed ?? 1,
      prepared() {
        throw new Error('weights change at every step of training');
      },
    },
  });

  const copies: { readonly address: number; readonly shape: readonly number[] }[] = [];
  const keep = (buffer: PlanBuffer, shape: readonly number[]) => {
    const length = sizeOf(shape);
    const address = engine.allocate(4 * length);
    lowering.record('keep')('copyValues', [buffer, address, 0, length, length + 4], 1);
    copies.push({ address, shape });
  };
  const last = graph.nodes[graph.nodes.length - 1];
  const outputShape = [batch, ...last.shape];
  keep(lowering.forward(), outputShape);
  lowering.backward(put('output gradient', outputGradient(outputShape)));
  inputs.forEach(({ shape }, i) => {
    const gradient = lowering.inputGradient(i + 1);
    if (gradient) keep(gradient, shape);
  });
  await engine.run(placeInArena(engine, lowering.calls));

  const [output, ...inputGradients] = copies.map(({ address, shape }) => ({
    shape,
    data: engine.f32(address, sizeOf(shape)).slice(),
  }));
  const parameterGradients = new Map<string, Tensor>();
  const statistics = new Map<string, Tensor>();
  for (const [key, { definition, offset, length }] of memory.layout.entries) {
    const [block, to] = definition.trainable
      ? [gradientBlock, parameterGradients]
      : [memory.statistics, statistics];
    to.set(key, { shape: definition.shape, data: engine.f32(block + 4 * offset, length).slice() });
  }
  return { output, inputGradients, parameterGradients, statistics };
}
