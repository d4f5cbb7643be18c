import type { LayerSpec } from '../../src/network/network.ts';
import type { Tensor } from '../support/run-layers.ts';

// Every layer again, in float64 and as plain loops over the definition: no code shared with src, nothing clever, so that
// the two can disagree. Training mode. Gradients come from central differences (see finite-differences.ts).

export type Parameters = Readonly<Record<string, Tensor>>;
export type Reference = (spec: LayerSpec, inputs: readonly Tensor[], parameters: Parameters) => Tensor;

export const references: Readonly<Record<string, Reference>> = {
  convolution(spec, [x], { kernel, bias }) {
    const [kh, kw, , filters] = kernel.shape;
    const { output, windows } = slide(spec, x.shape, [kh, kw], spec.padding ?? 'same', filters);
    return windows(output, (image, f, inside) => {
      let sum = bias ? bias.data[f] : 0;
      for (const { row, column, r, s } of inside) {
        for (let c = 0; c < x.shape[3]; c++) {
          sum += at(x, image, row, column, c) * kernel.data[((r * kw + s) * x.shape[3] + c) * filters + f];
        }
      }
      return sum;
    });
  },

  'depthwise-convolution'(spec, [x], { kernel, bias }) {
    const [kh, kw, channels] = kernel.shape;
    const { output, windows } = slide(spec, x.shape, [kh, kw], spec.padding ?? 'same', channels);
    return windows(output, (image, c, inside) => {
      let sum = bias ? bias.data[c] : 0;
      for (const { row, column, r, s } of inside) {
        sum += at(x, image, row, column, c) * kernel.data[(r * kw + s) * channels + c];
      }
      return sum;
    });
  },

  dense(_spec, [x], { kernel, bias }) {
    const [batch, inputs] = x.shape;
    const units = kernel.shape[1];
    return build([batch, units], ([row, unit]) => {
      let sum = bias ? bias.data[unit] : 0;
      for (let i = 0; i < inputs; i++) sum += x.data[row * inputs + i] * kernel.data[i * units + unit];
      return sum;
    });
  },

  'batch-normalization'(spec, [x], { gamma, beta }) {
    const channels = x.shape[x.shape.length - 1];
    const rows = x.data.length / channels;
    const epsilon = typeof spec.epsilon === 'number' ? spec.epsilon : 1e-5;
    const mean = new Array<number>(channels).fill(0);
    const variance = new Array<number>(channels).fill(0);
    for (let i = 0; i < x.data.length; i++) mean[i % channels] += x.data[i] / rows;
    for (let i = 0; i < x.data.length; i++) {
      variance[i % channels] += (x.data[i] - mean[i % channels]) ** 2 / rows;
    }
    return map(x, (value, i) => {
      const c = i % channels;
      return ((value - mean[c]) / Math.sqrt(variance[c] + epsilon)) * gamma.data[c] + beta.data[c];
    });
  },

  relu: (_spec, [x]) => map(x, (value) => Math.max(value, 0)),
  sigmoid: (_spec, [x]) => map(x, (value) => 1 / (1 + Math.exp(-value))),
  silu: (_spec, [x]) => map(x, (value) => value / (1 + Math.exp(-value))),
  add: (_spec, [a, b]) => map(a, (value, i) => value + b.data[i]),
  flatten: (_spec, [x]) => ({ shape: [x.shape[0], x.data.length / x.shape[0]], data: x.data }),

  'scale-channels'(_spec, [x, gate]) {
    const [, height, width, channels] = x.shape;
    return map(x, (value, i) => {
      const image = Math.floor(i / (height * width * channels));
      return value * gate.data[image * channels + (i % channels)];
    });
  },

  'max-pooling'(spec, [x]) {
    const { output, windows } = slide(spec, x.shape, pair(spec.size), spec.padding ?? 0, x.shape[3]);
    return windows(output, (image, c, inside) =>
      Math.max(...inside.map(({ row, column }) => at(x, image, row, column, c))),
    );
  },

  'average-pooling'(spec, [x]) {
    const { output, windows } = slide(spec, x.shape, pair(spec.size), spec.padding ?? 0, x.shape[3]);
    return windows(output, (image, c, inside) =>
      mean(inside.map(({ row, column }) => at(x, image, row, column, c))),
    );
  },

  'global-average-pooling': (_spec, [x]) =>
    build([x.shape[0], x.shape[3]], ([image, c]) => mean(channelOf(x, image, c))),

  'global-max-pooling': (_spec, [x]) =>
    build([x.shape[0], x.shape[3]], ([image, c]) => Math.max(...channelOf(x, image, c))),

  'global-generalized-mean-pooling': (_spec, [x]) =>
    build([x.shape[0], x.shape[3]], ([image, c]) =>
      Math.cbrt(1e-6 + mean(channelOf(x, image, c).map((value) => Math.max(value, 0) ** 3))),
    ),
};

interface Place {
  readonly row: number;
  readonly column: number;
  readonly r: number;
  readonly s: number;
}

/** Windows of a layer over an image: its output shape, and a loop over images, positions and channels. */
function slide(
  spec: LayerSpec,
  [batch, height, width]: readonly number[],
  [kh, kw]: readonly number[],
  padding: unknown,
  channels: number,
) {
  const [sh, sw] = pair(spec.stride ?? (spec.size ? spec.size : 1));
  const pads = (k: number): [number, number] => {
    if (padding === 'same') return [Math.floor((k - 1) / 2), k - 1];
    return typeof padding === 'number' ? [padding, 2 * padding] : [0, 0];
  };
  const [[top, vertical], [left, horizontal]] = [pads(kh), pads(kw)];
  const rows = Math.floor((height + vertical - kh) / sh) + 1;
  const columns = Math.floor((width + horizontal - kw) / sw) + 1;
  const output = [batch, rows, columns, channels];
  const windows = (
    shape: readonly number[],
    value: (image: number, channel: number, inside: readonly Place[]) => number,
  ): Tensor =>
    build(shape, ([image, i, j, channel]) => {
      const inside: Place[] = [];
      for (let r = 0; r < kh; r++) {
        for (let s = 0; s < kw; s++) {
          const row = i * sh + r - top;
          const column = j * sw + s - left;
          if (row >= 0 && row < height && column >= 0 && column < width) inside.push({ row, column, r, s });
        }
      }
      return value(image, channel, inside);
    });
  return { output, windows };
}

/** A tensor from its indices. */
function build(shape: readonly number[], value: (indices: readonly number[]) => number): Tensor {
  const length = shape.reduce((product, n) => product * n, 1);
  const data = Array.from({ length }, (_, position) => {
    const indices: number[] = [];
    let rest = position;
    for (const size of shape.toReversed()) {
      indices.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return value(indices);
  });
  return { shape, data };
}

function map(x: Tensor, value: (value: number, index: number) => number): Tensor {
  return { shape: x.shape, data: Array.from(x.data, value) };
}

function at(x: Tensor, image: number, row: number, column: number, channel: number): number {
  const [, height, width, channels] = x.shape;
  return x.data[((image * height + row) * width + column) * channels + channel];
}

function channelOf(x: Tensor, image: number, channel: number): number[] {
  const [, height, width] = x.shape;
  return Array.from({ length: height * width }, (_, i) =>
    at(x, image, Math.floor(i / width), i % width, channel),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pair(value: unknown): [number, number] {
  const [rows, columns] = Array.isArray(value) ? value : [value, value];
  return [Number(rows), Number(columns)];
}
