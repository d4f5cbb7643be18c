/** A network as plain data. Everything else (plans, the ONNX graph, the table of `model show`) is derived from it. */
export interface Network {
  readonly input: ImageShape;
  /** In order of computation. The last layer gives the logit: shape [1]. */
  readonly layers: readonly LayerSpec[];
}

/** Rows, columns, channels of one image; batches are NHWC. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Shape of one sample, without the batch: `[height, width, channels]` or `[features]`. */
export type Shape = readonly number[];

/** What every layer has. Its options beside these are those of its type (see `layers/`). */
export interface LayerBase {
  readonly type: string;
  /** Unique; given by the compiler (`convolution-1`, ...) where missing. */
  readonly name?: string;
  /** Names of the layers it reads (`input` is the image); the layer before it where missing. */
  readonly from?: string | readonly string[];
}

export type LayerSpec = LayerBase & { readonly [option: string]: unknown };

/** One array of numbers a layer owns. `trainable: false` for running statistics. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly data: Float32Array;
}

/** All parameters of a network by `layer/parameter`, e.g. `convolution-1/kernel`, in the order of the layers. */
export type Weights = ReadonlyMap<string, Parameter>;
