/**
 * How a parameter lies in an ONNX file. Here kernels are [rows, columns, inputs, outputs] and [rows, columns, channels]
 * (Keras); ONNX's Conv has [outputs, inputs, rows, columns] and, for depthwise, [channels, 1, rows, columns].
 */
export interface StoredLayout {
  readonly shape: readonly number[];
  /** Axis i of the file is axis `axes[i]` of ours (an axis of length one is left out); undefined: as it is. */
  readonly axes?: readonly number[];
}

export function storedLayout(layerType: string, parameter: string, shape: readonly number[]): StoredLayout {
  if (layerType === 'convolution' && parameter === 'kernel') {
    const [rows, columns, inputs, outputs] = shape;
    return { shape: [outputs, inputs, rows, columns], axes: [3, 2, 0, 1] };
  }
  if (layerType === 'depthwise-convolution' && parameter === 'kernel') {
    const [rows, columns, channels] = shape;
    return { shape: [channels, 1, rows, columns], axes: [2, 0, 1] };
  }
  return { shape };
}

/** Our values in the order of the file. */
export function toStored(values: Float32Array, shape: readonly number[], layout: StoredLayout): Float32Array {
  if (layout.axes === undefined) return values;
  return transpose(values, shape, layout.axes);
}

/** The inverse of `toStored`. */
export function fromStored(
  stored: Float32Array,
  shape: readonly number[],
  layout: StoredLayout,
): Float32Array {
  const { axes } = layout;
  if (axes === undefined) return stored;
  const theirs = axes.map((axis) => shape[axis]);
  const back = shape.map((_, axis) => axes.indexOf(axis));
  return transpose(stored, theirs, back);
}

/** Axis i of the result is axis `axes[i]` of `values`; up to four axes. */
function transpose(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const missing = Array<number>(4 - axes.length);
  const [a, b, c, d] = [...missing.fill(1), ...axes.map((axis) => shape[axis])];
  const [stepA, stepB, stepC, stepD] = [...missing.fill(0), ...axes.map((axis) => strides[axis])];
  const result = new Float32Array(values.length);
  // Moved as integers: before it is compiled, which is all of a cold start, a loop over floats allocates one a turn.
  const from = new Int32Array(values.buffer, values.byteOffset, values.length);
  const to = new Int32Array(result.buffer);
  let o = 0;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        const start = i * stepA + j * stepB + k * stepC;
        for (let l = 0; l < d; l++) to[o++] = from[start + l * stepD];
      }
    }
  }
  return result;
}
