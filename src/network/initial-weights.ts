import type { EngineMath } from '../engine/engine.ts';
import type { Graph } from './graph.ts';
import { type Initialiser, sizeOf } from './layers/definition.ts';
import type { Parameter, Weights } from './network.ts';
import { counterRandom } from './random.ts';

/**
 * The weights a network starts from: a function of the seed, the layers' names and their shapes alone, the same bits on
 * every machine.
 * @param math `engine.math`
 */
export function initialWeights(graph: Graph, seed: number, math: EngineMath): Weights {
  const weights = new Map<string, Parameter>();
  for (const node of graph.nodes) {
    for (const { name, shape, initialiser, trainable } of node.parameters) {
      const key = `${node.name}/${name}`;
      const data = new Float32Array(sizeOf(shape));
      fill(data, initialiser, counterRandom(seed, key), math);
      weights.set(key, { shape, trainable, data });
    }
  }
  return weights;
}

function fill(
  data: Float32Array,
  initialiser: Initialiser,
  uniform: (index: number) => number,
  math: EngineMath,
): void {
  if (initialiser.type === 'constant') {
    data.fill(initialiser.value);
  } else if (initialiser.type === 'glorot-uniform') {
    const limit = Math.sqrt(6 / (initialiser.fanIn + initialiser.fanOut));
    for (let i = 0; i < data.length; i++) data[i] = (2 * uniform(i) - 1) * limit;
  } else {
    const deviation =
      initialiser.type === 'normal' ? initialiser.deviation : Math.sqrt(2 / initialiser.fanIn);
    // Box and Muller 1958, one of the pair.
    for (let i = 0; i < data.length; i++) {
      const radius = Math.sqrt(-2 * math.log(uniform(2 * i)));
      data[i] = deviation * radius * math.cos(2 * Math.PI * uniform(2 * i + 1));
    }
  }
}
