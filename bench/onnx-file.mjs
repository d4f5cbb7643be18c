import { createGraphBuilder, elementType } from '../dist/model/onnx/builder.js';
import { addNetwork } from '../dist/model/onnx/network.js';
import { ModelProto } from '../dist/model/onnx/onnx_pb.js';
import { resolve } from '../dist/network/graph.js';

/** A network alone as ONNX, without preprocessing: input `images`, float32 [N, 3, rows, columns]; output `probabilities`. */
export function networkFile(network, weights) {
  const graph = createGraphBuilder();
  const { logits } = addNetwork(graph, resolve(network), weights, 'images');
  graph.node('Sigmoid', [logits], 'probabilities');
  const { height, width, channels } = network.input;
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'bench',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [tensor('images', [channels, height, width])],
      output: [tensor('probabilities', [1])],
    },
    metadataProps: [],
  }).finish();
}

function tensor(name, shape) {
  const dim = [{ dimParam: 'N' }, ...shape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: elementType.float, shape: { dim } } } };
}
