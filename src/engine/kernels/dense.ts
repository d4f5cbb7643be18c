import { gemm, transpose } from './gemm';

/** y[rows, units] = x[rows, inputs] w[inputs, units] + bias. A chunk is 32 units. */
export function denseForward(
  scratch: usize, x: usize, w: usize, bias: usize, y: usize, rows: i32, inputs: i32, units: i32, chunk: i32,
): void {
  const first = chunk << 5;
  const offset = (<usize>first) << 2;
  const count = min(32, units - first);
  gemm(x, (<usize>inputs) << 2, 4, w + offset, (<usize>units) << 2, y + offset, (<usize>units) << 2,
    rows, count, inputs, false, bias ? bias + offset : 0);
}

/** dx[rows, inputs] = dy[rows, units] w'. A chunk is 64 inputs; scratch holds their transposed weights, [units, 64]. */
export function denseBackwardInput(
  scratch: usize, dy: usize, w: usize, dx: usize, accumulate: i32, rows: i32, inputs: i32, units: i32, chunk: i32,
): void {
  const first = chunk << 6;
  const count = min(64, inputs - first);
  transpose(w + (<usize>first * <usize>units << 2), (<usize>units) << 2, scratch, 256, count, units);
  gemm(dy, (<usize>units) << 2, 4, scratch, 256, dx + ((<usize>first) << 2), (<usize>inputs) << 2,
    rows, count, units, accumulate != 0, 0);
}

/** dw[inputs, units] = x' dy, and db (0: none) by chunk 0. A chunk is 32 inputs. */
export function denseBackwardWeights(
  scratch: usize, x: usize, dy: usize, dw: usize, db: usize, rows: i32, inputs: i32, units: i32, chunk: i32,
): void {
  const first = chunk << 5;
  const count = min(32, inputs - first);
  gemm(x + ((<usize>first) << 2), 4, (<usize>inputs) << 2, dy, (<usize>units) << 2,
    dw + (<usize>first * <usize>units << 2), (<usize>units) << 2, count, units, rows, false, 0);
  if (db && !chunk) {
    for (let u = 0; u < units; u++) {
      let sum: f32 = 0;
      for (let r = 0; r < rows; r++) sum += load<f32>(dy + (<usize>(r * units + u) << 2));
      store<f32>(db + ((<usize>u) << 2), sum);
    }
  }
}
