import { type Graph, resolve } from '../network/graph.ts';
import { tooLarge } from '../network/largest.ts';
import type { LayerNode } from '../network/layers/definition.ts';
import type { Network, Parameter, Weights } from '../network/network.ts';
import { type ColourRegression, colourShapes } from './colours.ts';
import { badModel, type Description, metadataEntries, parseMetadata } from './metadata.ts';
import { createGraphBuilder, elementType } from './onnx/builder.ts';
import { addColours, coloursKey } from './onnx/colours.ts';
import {
  decodeModelFile,
  encodeModelFile,
  inputName,
  outlierName,
  outputName,
  plateletName,
} from './onnx/container.ts';
import { fromStored, storedLayout } from './onnx/layout.ts';
import { addNetwork } from './onnx/network.ts';
import type { TensorProto } from './onnx/onnx_pb.ts';
import { addOutlier, outlierKey } from './onnx/outlier.ts';
import { addPreprocessing } from './onnx/preprocessing.ts';
import { type OutlierDetector, outlierShapes } from './outlier.ts';

/** Everything a model file holds. */
export interface Model extends Description {
  readonly weights: Weights;
  /** Where there is one, `metadata.colours` says so: its log-odds are added to the network's. */
  readonly colours?: ColourRegression;
  /** Where there is one, `metadata.abstention` says how it is used. */
  readonly outlier?: OutlierDetector;
  /** Weights of the network in `metadata.abstention.platelet`. */
  readonly platelet?: Weights;
}

/** Before the names of the platelets' network; no layer's name holds a slash. */
const PLATELET = '/platelet/';

/**
 * The bytes of a model file: ONNX, with preprocessing and description inside. The same model gives the same bytes.
 * Input `image`: uint8 [N, height, width, 3], RGB, any one size a call. Output `probability`: float32 [N]; of a model with
 * detectors, `outlier`, too: float32 [N], above 1 for what is unlike the training cells, and `platelet`: float32 [N], above 0 for
 * what may be a platelet where it is called parasitized.
 */
export async function writeModel(model: Model): Promise<Uint8Array> {
  const graph = createGraphBuilder();
  const pixels = addPreprocessing(graph, inputName, model.preprocessing);
  const { logits, features } = addNetwork(graph, resolve(model.network), model.weights, pixels);
  const logOdds = model.colours
    ? graph.node('Add', [logits, addColours(graph, model.colours, pixels, model.preprocessing)], '/log-odds')
    : logits;
  const probabilities = graph.node('Sigmoid', [logOdds], '/probability/all');
  graph.node('Squeeze', [probabilities, graph.integers('/probability/axis', [1], [1])], outputName);
  const outputs = [outputName];
  if (model.outlier) {
    addOutlier(graph, model.outlier, features, outlierName);
    outputs.push(outlierName);
  }
  const detector = model.metadata.abstention?.platelet;
  if (model.platelet && detector) {
    const { logits } = addNetwork(graph, resolve(detector.network), model.platelet, pixels, PLATELET);
    graph.node('Squeeze', [logits, graph.integers('/platelet/axis', [1], [1])], plateletName);
    outputs.push(plateletName);
  }
  return encodeModelFile(graph, outputs, model.metadata.version, metadataEntries(model));
}

/**
 * Reads a file of `writeModel`, trusting nothing in it.
 * @throws GiemsaError `bad-model` that says what is wrong
 */
export async function readModel(bytes: Uint8Array): Promise<Model> {
  const { initializers, entries } = await decodeModelFile(bytes);
  const description = parseMetadata(entries);
  const graph = resolved(description.network);
  const stored = new Map(initializers.map((tensor) => [tensor.name ?? '', tensor]));
  const weights = readWeights(stored, graph);
  const { colours, abstention } = description.metadata;
  const judges = { weights, ...(colours?.method === 'logistic' && { colours: readColours(stored) }) };
  if (abstention === undefined) return { ...description, ...judges };
  const features = featuresOf(graph);
  return {
    ...description,
    ...judges,
    outlier: readParts(stored, outlierShapes(features), outlierKey),
    ...(abstention.platelet
      ? { platelet: readWeights(stored, resolved(abstention.platelet.network), PLATELET) }
      : {}),
  };
}

function readWeights(stored: ReadonlyMap<string, TensorProto>, graph: Graph, prefix = ''): Weights {
  return new Map(
    graph.nodes.flatMap((layer) =>
      layer.parameters.map((definition): [string, Parameter] => {
        const key = `${layer.name}/${definition.name}`;
        const data = readParameter(stored.get(prefix + key), layer, prefix + key, definition);
        return [key, { shape: definition.shape, trainable: definition.trainable, data }];
      }),
    ),
  );
}

function readColours(stored: ReadonlyMap<string, TensorProto>): ColourRegression {
  const colours = readParts(stored, colourShapes, coloursKey);
  if (colours.deviation.some((value) => value <= 0)) throw badModel('its colours vary by nothing');
  return colours;
}

function featuresOf(graph: Graph): number {
  const { inputShapes } = graph.nodes[graph.nodes.length - 1];
  if (inputShapes[0].length !== 1)
    throw badModel('its last layer reads no features to tell unusual cells by');
  return inputShapes[0][0];
}

function readParts<Part extends string>(
  stored: ReadonlyMap<string, TensorProto>,
  shapes: Readonly<Record<Part, readonly number[]>>,
  keyOf: (part: Part) => string,
): Record<Part, Float32Array> {
  const parts = Object.entries(shapes) as [Part, readonly number[]][];
  return Object.fromEntries(
    parts.map(([part, shape]) => [part, readFloats(stored.get(keyOf(part)), keyOf(part), shape)]),
  ) as Record<Part, Float32Array>;
}

function resolved(network: Network): Graph {
  let graph: Graph;
  try {
    graph = resolve(network);
  } catch (error) {
    throw badModel(`its network is wrong: ${error instanceof Error ? error.message : String(error)}`);
  }
  const output = graph.nodes[graph.nodes.length - 1].shape;
  if (output.join() !== '1') throw badModel(`its network gives [${output.join(', ')}], not one logit`);
  const large = tooLarge(graph);
  if (large) {
    throw badModel(
      `its network is too large: at most ${large.limit} ${large.what}, and it has ${large.found}`,
    );
  }
  return graph;
}

function readParameter(
  tensor: TensorProto | undefined,
  layer: LayerNode,
  key: string,
  definition: { readonly name: string; readonly shape: readonly number[] },
): Float32Array {
  const { shape } = definition;
  const layout = storedLayout(layer.type, definition.name, shape);
  const values = readFloats(tensor, key, layout.shape);
  // Its square root is divided by: a negative one would make every probability NaN.
  if (definition.name === 'variance' && values.some((value) => value < 0)) {
    throw badModel(`${key} holds a negative variance`);
  }
  return fromStored(values, shape, layout);
}

function readFloats(tensor: TensorProto | undefined, key: string, shape: readonly number[]): Float32Array {
  if (tensor === undefined) throw badModel(`it lacks the weights ${key}`);
  const length = shape.reduce((product, n) => product * n, 1);
  const found = tensor.dims.join('x');
  if (tensor.dataType !== elementType.float || found !== shape.join('x')) {
    throw badModel(`${key} should be float32 ${shape.join('x')}; it is ${found}`);
  }
  const rawData = tensor.rawData ?? new Uint8Array(0);
  if (rawData.length !== 4 * length) {
    throw badModel(`${key} should have ${4 * length} bytes; it has ${rawData.length}`);
  }
  // A copy: Float32Array needs an address that is a multiple of four.
  const values = new Float32Array(new Uint8Array(rawData).buffer);
  if (!areFinite(values)) throw badModel(`${key} holds values that are not finite`);
  return values;
}

/** By their bits, an exponent of ones being infinity or NaN: from a cold start, float arithmetic allocates. */
function areFinite(values: Float32Array): boolean {
  const exponent = 0x7f800000;
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i] & exponent) === exponent) return false;
  return true;
}
