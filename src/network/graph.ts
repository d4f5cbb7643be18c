import { NetworkError } from './errors.ts';
import type { LayerDefinition, LayerNode } from './layers/definition.ts';
import { layerTypes } from './layers/index.ts';
import type { LayerSpec, Network, Shape } from './network.ts';
import { describe, readOptions } from './options.ts';

/** A network with everything inferred: names, inputs, shapes, parameters, multiply-adds. */
export interface Graph {
  /** What comes from outside: tensors 0 ... inputs - 1. A network has one, the image. */
  readonly inputs: readonly GraphInput[];
  /** In order of computation; each gives one tensor, the last the network's output. */
  readonly nodes: readonly LayerNode[];
}

export interface GraphInput {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Infers everything about a network.
 * @throws NetworkError that names the layer, and the field or the shapes, where something does not fit
 */
export function resolve(network: Network): Graph {
  const { height, width, channels } = network.input;
  for (const [field, value] of Object.entries({ height, width, channels })) {
    if (!Number.isInteger(value) || value < 1 || value > 1 << 15) {
      throw new NetworkError(
        'invalid-input',
        `The network's input: '${field}' must be an integer from 1 to 32768; it is ${describe(value)}.`,
      );
    }
  }
  const graph = resolveLayers([{ name: 'input', shape: [height, width, channels] }], network.layers);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const unused = graph.nodes.slice(0, -1).find(({ output }) => !read.has(output));
  if (unused) {
    throw new NetworkError(
      'unused-layer',
      `Layer ${unused.name} (${unused.type}): no layer reads it, and it is not the last.`,
    );
  }
  return graph;
}

/** As `resolve`, for layers over any inputs. The first layer reads the last input where it does not say. */
export function resolveLayers(inputs: readonly GraphInput[], layers: readonly LayerSpec[]): Graph {
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new NetworkError('no-layers', "A network needs at least one layer in 'layers'.");
  }
  layers.forEach((spec, index) => {
    if (typeof spec === 'object' && spec !== null && typeof spec.type === 'string') return;
    throw new NetworkError(
      'invalid-layer',
      `Layer ${index + 1} must be an object with a text 'type'; it is ${describe(spec)}.`,
    );
  });
  const tensors = new Map(inputs.map(({ name }, index) => [name, index]));
  const shapes: Shape[] = inputs.map(({ shape }) => shape);
  const names = layerNames(layers, tensors);
  const nodes: LayerNode[] = [];
  layers.forEach((spec, index) => {
    const name = names[index];
    const definition = definitionOf(spec, name);
    const sources = sourcesOf(spec, name, tensors, names);
    const node = resolveLayer(spec, definition, { index, name, sources, shapes });
    tensors.set(name, node.output);
    shapes.push(node.shape);
    nodes.push(node);
  });
  return { inputs, nodes };
}

/** Values in all parameters: those that training changes, and the others (running statistics). */
export function countParameters(graph: Graph): { trainable: number; other: number } {
  const count = { trainable: 0, other: 0 };
  for (const { shape, trainable } of graph.nodes.flatMap((node) => node.parameters)) {
    count[trainable ? 'trainable' : 'other'] += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}

/** Of one image. */
export function countMultiplyAdds(graph: Graph): number {
  return graph.nodes.reduce((sum, layer) => sum + layer.multiplyAdds, 0);
}

function resolveLayer(
  spec: LayerSpec,
  definition: LayerDefinition,
  place: { index: number; name: string; sources: number[]; shapes: readonly Shape[] },
): LayerNode {
  const { index, name, sources, shapes } = place;
  const inputShapes = sources.map((source) => shapes[source]);
  const fail = (expected: string): never => {
    const received = inputShapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
    throw new NetworkError(
      'shape-mismatch',
      `Layer ${name} (${spec.type}) needs ${expected}; it gets ${received}.`,
    );
  };
  const options = readOptions(spec, name, (read) => definition.options(read));
  const shape = definition.outputShape(options, inputShapes, fail);
  return {
    index,
    name,
    type: definition.type,
    options,
    inputs: sources,
    output: shapes.length,
    inputShapes,
    shape,
    parameters: definition.parameters?.(options, inputShapes) ?? [],
    multiplyAdds: definition.multiplyAdds?.(options, inputShapes, shape) ?? 0,
    definition,
  };
}

/** Given names, checked; `<type>-<count>` for the others, counted by type. */
function layerNames(layers: readonly LayerSpec[], taken: ReadonlyMap<string, number>): string[] {
  const names = new Set(taken.keys());
  const counts = new Map<string, number>();
  return layers.map((spec, index) => {
    const count = (counts.get(spec.type) ?? 0) + 1;
    counts.set(spec.type, count);
    const name = spec.name ?? `${spec.type}-${count}`;
    if (typeof name !== 'string' || name === '' || name.includes('/')) {
      throw new NetworkError(
        'invalid-name',
        `Layer ${index + 1} (${spec.type}): 'name' must be a text without '/'; it is ${describe(name)}.`,
      );
    }
    if (names.has(name)) {
      throw new NetworkError('duplicate-name', `Two layers are named '${name}'; names must differ.`);
    }
    names.add(name);
    return name;
  });
}

function definitionOf(spec: LayerSpec, name: string): LayerDefinition {
  const definition = layerTypes.get(spec.type);
  if (definition) return definition;
  throw new NetworkError(
    'unknown-layer',
    `Layer ${name}: there is no type ${describe(spec.type)}. Types are ${[...layerTypes.keys()].join(', ')}.`,
  );
}

/** Tensors that a layer reads: those named by 'from', else the one before it. */
function sourcesOf(
  spec: LayerSpec,
  name: string,
  tensors: ReadonlyMap<string, number>,
  names: readonly string[],
): number[] {
  const from = spec.from ?? [...tensors.keys()].at(-1);
  const sources: unknown[] = Array.isArray(from) ? from : [from];
  const needed = layerTypes.get(spec.type)?.inputs;
  if (sources.length !== needed) {
    throw new NetworkError(
      'wrong-inputs',
      `Layer ${name} (${spec.type}) reads ${needed} input${needed === 1 ? '' : 's'}; 'from' names ${sources.length}.`,
    );
  }
  return sources.map((source) => {
    const tensor = typeof source === 'string' ? tensors.get(source) : undefined;
    if (tensor !== undefined) return tensor;
    const later = typeof source === 'string' && names.includes(source);
    throw new NetworkError(
      later ? 'cycle' : 'unknown-input',
      later
        ? `Layer ${name} (${spec.type}): 'from' names ${describe(source)}, which is not computed before it. ` +
            'Layers stand in order of computation and cannot form a cycle.'
        : `Layer ${name} (${spec.type}): 'from' names ${describe(source)}, but there is no such layer.`,
    );
  });
}
