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
  const stored = new Float32Array(values.length);
  eachPair(shape, layout.axes, (ours, theirs) => {
    stored[theirs] = values[ours];
  });
  return stored;
}

/** The inverse of `toStored`. */
export function fromStored(
  stored: Float32Array,
  shape: readonly number[],
  layout: StoredLayout,
): Float32Array {
  if (layout.axes === undefined) return stored;
  const values = new Float32Array(stored.length);
  eachPair(shape, layout.axes, (ours, theirs) => {
    values[ours] = stored[theirs];
  });
  return values;
}

/** Calls `visit` with the place of each value in ours and in the transposed array, in the order of the latter. */
function eachPair(
  shape: readonly number[],
  axes: readonly number[],
  visit: (ours: number, theirs: number) => void,
): void {
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  let theirs = 0;
  const walk = (depth: number, ours: number) => {
    if (depth === axes.length) {
      visit(ours, theirs++);
      return;
    }
    const axis = axes[depth];
    for (let i = 0; i < shape[axis]; i++) walk(depth + 1, ours + i * strides[axis]);
  };
  walk(0, 0);
}
