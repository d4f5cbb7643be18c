import type { AttributeProto, NodeProto, TensorProto } from './onnx_pb.ts';

/** TensorProto.DataType of the element types written here. */
export const elementType = { float: 1, uint8: 2, int64: 7 } as const;

/** AttributeProto.AttributeType. */
const attributeType = { float: 1, int: 2, ints: 7 } as const;

/** `{ float: 1e-5 }` for a FLOAT attribute; a number is an INT, an array INTS. */
export type AttributeValue = number | readonly number[] | { readonly float: number };

/** Collects the nodes and constants of one ONNX graph. Values are known by their names. */
export interface GraphBuilder {
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
  /**
   * Adds a node and returns the name of its output, which is also its own.
   * @param others names of further outputs that the operator has
   */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes?: Readonly<Record<string, AttributeValue>>,
    others?: readonly string[],
  ): string;
  /** Adds a float32 constant and returns its name; a scalar has shape []. */
  floats(name: string, shape: readonly number[], values: ArrayLike<number>): string;
  /** Adds an int64 constant and returns its name. */
  integers(name: string, shape: readonly number[], values: readonly number[]): string;
}

export function createGraphBuilder(): GraphBuilder {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const constant = (name: string, shape: readonly number[], dataType: number, rawData: Uint8Array) => {
    initializers.push({ name, dims: [...shape], dataType, rawData });
    return name;
  };
  return {
    nodes,
    initializers,
    node(operator, inputs, output, attributes = {}, others = []) {
      nodes.push({
        opType: operator,
        name: output,
        input: [...inputs],
        output: [output, ...others],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      });
      return output;
    },
    floats: (name, shape, values) => constant(name, shape, elementType.float, littleEndianFloats(values)),
    integers: (name, shape, values) => constant(name, shape, elementType.int64, littleEndianIntegers(values)),
  };
}

/** Adds a part of a detector as a constant, on demand, and returns its name. */
export function constantsOf<Part extends string>(
  graph: GraphBuilder,
  parts: Readonly<Record<Part, Float32Array>>,
  shapes: Readonly<Record<Part, readonly number[]>>,
  keyOf: (part: Part) => string,
): (part: Part) => string {
  return (part) => graph.floats(keyOf(part), shapes[part], parts[part]);
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeType.int, i: value, ints: [] };
  if ('float' in value) return { name, type: attributeType.float, f: value.float, ints: [] };
  return { name, type: attributeType.ints, ints: [...value] };
}

// ONNX stores raw data little-endian, as typed arrays are wherever kernels run.
function littleEndianFloats(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function littleEndianIntegers(values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}
