import type { Graph } from '../../network/graph.ts';
import type { Weights } from '../../network/network.ts';
import type { GraphBuilder } from './builder.ts';
import { layerWriters } from './layers/index.ts';
import { storedLayout, toStored } from './layout.ts';

/**
 * Adds a network.
 *
 * @param input name of the float32 value [N, 3, rows, columns]
 * @param prefix before the names of its values and weights, which are those of its layers
 * @returns names of the logits [N, 1] and of what the last layer reads
 */
export function addNetwork(
  graph: GraphBuilder,
  network: Graph,
  weights: Weights,
  input: string,
  prefix = '',
): { readonly logits: string; readonly features: string } {
  const values = [input];
  for (const layer of network.nodes) {
    const writer = layerWriters.get(layer.type);
    if (writer === undefined) throw new TypeError(`layers of type ${layer.type} have no ONNX form`);
    values[layer.output] = writer.write({
      graph,
      layer,
      inputs: layer.inputs.map((tensor) => values[tensor]),
      output: `${prefix}${layer.name}/output`,
      parameter(name) {
        const key = `${layer.name}/${name}`;
        const parameter = weights.get(key);
        if (parameter === undefined) throw new TypeError(`the weights lack ${key}`);
        const layout = storedLayout(layer.type, name, parameter.shape);
        return graph.floats(prefix + key, layout.shape, toStored(parameter.data, parameter.shape, layout));
      },
    });
  }
  const last = network.nodes[network.nodes.length - 1];
  return { logits: values[last.output], features: values[last.inputs[0]] };
}
