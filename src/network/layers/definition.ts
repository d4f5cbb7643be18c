import type { Shape } from '../network.ts';
import type { OptionReader } from '../options.ts';
import type { BackwardContext, ForwardContext } from '../plan/context.ts';

/**
 * How a parameter starts. Fans are counted as in Keras; `he-normal` is a plain normal distribution of deviation
 * sqrt(2 / fanIn) (He et al. 2015, as in PyTorch; Keras cuts it at two deviations), `glorot-uniform` is uniform within
 * +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010).
 */
export type Initialiser =
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'normal'; readonly deviation: number }
  | { readonly type: 'he-normal'; readonly fanIn: number }
  | { readonly type: 'glorot-uniform'; readonly fanIn: number; readonly fanOut: number };

export interface ParameterDefinition {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  /** False for running statistics, which the layer itself updates. */
  readonly trainable: boolean;
  /** Whether weight decay applies: kernels only, not biases and not the scale and offset of a normalisation. */
  readonly decay: boolean;
  /** Strength of the L2 penalty (Keras): `l2 * sum(w^2)` is added to the loss. */
  readonly l2: number;
}

/** A layer of a network with everything inferred: its options checked and complete, its shapes known. */
export interface LayerNode<Options extends object = object> {
  /** Position in the network, from 0. */
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly options: Options;
  /** Tensors it reads and the one it gives: 0 ... inputs - 1 are the graph's inputs, then one a layer. */
  readonly inputs: readonly number[];
  readonly output: number;
  readonly inputShapes: readonly Shape[];
  readonly shape: Shape;
  readonly parameters: readonly ParameterDefinition[];
  /** Multiplications and additions of one image's forward pass, a pair counted once. */
  readonly multiplyAdds: number;
  readonly definition: LayerDefinition;
}

/**
 * A type of layer. To add one: a file in this folder that exports such a definition, a line in `index.ts`, a test; and
 * its ONNX form in `src/model/onnx`.
 */
export interface LayerDefinition<Options extends object = object> {
  readonly type: string;
  /** Number of tensors it reads. */
  readonly inputs: number;
  /** Reads and checks the options; those not read are reported as unknown. */
  options(read: OptionReader): Options;
  /** Shape of the output for one sample; calls `fail` where the inputs do not fit. */
  outputShape(options: Options, inputs: readonly Shape[], fail: ShapeFailure): Shape;
  parameters?(options: Options, inputs: readonly Shape[]): ParameterDefinition[];
  multiplyAdds?(options: Options, inputs: readonly Shape[], output: Shape): number;
  /** Records the calls that write the output. */
  forward(context: ForwardContext, node: LayerNode<Options>): void;
  /** Records the calls that write the gradients of the parameters and of the inputs. */
  backward(context: BackwardContext, node: LayerNode<Options>): void;
}

/** Throws an error that names the layer and the shapes of its inputs; `expected` says what the layer needs. */
export type ShapeFailure = (expected: string) => never;

/** Whether `node` is a layer of this type; gives its options their type. */
export function isLayer<Options extends object>(
  node: LayerNode,
  definition: LayerDefinition<Options>,
): node is LayerNode<Options> {
  return node.definition === definition;
}

/** Number of values in a sample of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}
