import type { Engine } from '../engine/engine.ts';
import { NetworkError } from './errors.ts';
import type { Graph } from './graph.ts';
import { type ParameterDefinition, sizeOf } from './layers/definition.ts';
import type { Parameter, Weights } from './network.ts';

/**
 * How a network's parameters lie in memory: all trainable ones in one block, those with weight decay first, so that an
 * optimiser is one pass; running statistics in another. Offsets and lengths in values; every parameter starts on a line
 * of the cache (16 values), and the gaps stay zero.
 */
export interface ParameterLayout {
  readonly entries: ReadonlyMap<string, ParameterEntry>;
  /** Values with weight decay, at the start of the trainable block. */
  readonly decayed: number;
  readonly trainable: number;
  readonly statistics: number;
}

export interface ParameterEntry {
  readonly definition: ParameterDefinition;
  /** In its block. */
  readonly offset: number;
  readonly length: number;
}

const LINE = 16;

function layoutParameters(graph: Graph): ParameterLayout {
  const all = graph.nodes.flatMap((node) =>
    node.parameters.map((definition) => ({ key: `${node.name}/${definition.name}`, definition })),
  );
  const places = new Map<string, number>();
  const pack = (fits: (definition: ParameterDefinition) => boolean, start: number): number => {
    let end = start;
    for (const { key, definition } of all) {
      if (!fits(definition)) continue;
      places.set(key, end);
      end += Math.ceil(sizeOf(definition.shape) / LINE) * LINE;
    }
    return end;
  };
  const decayed = pack(({ trainable, decay }) => trainable && decay, 0);
  const trainable = pack((definition) => definition.trainable && !definition.decay, decayed);
  const statistics = pack((definition) => !definition.trainable, 0);
  const entries = new Map(
    all.map(({ key, definition }) => [
      key,
      { definition, offset: places.get(key) ?? 0, length: sizeOf(definition.shape) },
    ]),
  );
  return { entries, decayed, trainable, statistics };
}

/** The two blocks of a network's parameters in an engine. */
export interface ParameterMemory {
  readonly layout: ParameterLayout;
  /** Address of the trainable block. */
  readonly trainable: number;
  readonly statistics: number;
  /** Address of one parameter. */
  address(layer: string, name: string): number;
  /** @throws NetworkError where a parameter is missing, superfluous or of another shape */
  load(weights: Weights): void;
  /** A copy; of the blocks given (moving averages), else of the parameters themselves. */
  copy(blocks?: { readonly trainable: number; readonly statistics: number }): Weights;
}

export function allocateParameters(engine: Engine, graph: Graph): ParameterMemory {
  const layout = layoutParameters(graph);
  const trainable = engine.allocate(4 * layout.trainable);
  const statistics = engine.allocate(4 * layout.statistics);
  const own = { trainable, statistics };
  const place = ({ definition, offset }: ParameterEntry, blocks = own) =>
    (definition.trainable ? blocks.trainable : blocks.statistics) + 4 * offset;
  return {
    layout,
    trainable,
    statistics,
    address(layer, name) {
      const entry = layout.entries.get(`${layer}/${name}`);
      if (!entry) throw new Error(`layer ${layer} has no parameter ${name}`);
      return place(entry);
    },
    load(weights) {
      checkWeights(layout, weights);
      for (const [key, entry] of layout.entries) {
        const parameter = weights.get(key);
        if (parameter) engine.f32(place(entry), entry.length).set(parameter.data);
      }
    },
    copy(blocks = own) {
      const weights = new Map<string, Parameter>();
      for (const [key, entry] of layout.entries) {
        const { shape, trainable: isTrainable } = entry.definition;
        const data = engine.f32(place(entry, blocks), entry.length).slice();
        weights.set(key, { shape, trainable: isTrainable, data });
      }
      return weights;
    },
  };
}

function checkWeights({ entries }: ParameterLayout, weights: Weights): void {
  for (const [key, { definition, length }] of entries) {
    const parameter = weights.get(key);
    const fits = parameter?.data.length === length && parameter.shape.join() === definition.shape.join();
    if (fits) continue;
    throw new NetworkError(
      'wrong-weights',
      `Weights do not fit the network: ${key} has shape [${definition.shape.join(', ')}]; ` +
        (parameter ? `the weights have [${parameter.shape.join(', ')}].` : 'the weights lack it.'),
    );
  }
  for (const key of weights.keys()) {
    if (!entries.has(key)) {
      throw new NetworkError('wrong-weights', `Weights do not fit the network: it has no parameter ${key}.`);
    }
  }
}
