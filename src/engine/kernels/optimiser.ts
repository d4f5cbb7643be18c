import { load4, store4 } from './lanes';
import { madd } from './simd';

// Optimisers over one block that holds all trainable parameters, of which the first `decayed` values (a multiple of 4, like
// `length` and `perChunk`) have weight decay. What changes from step to step stands in `step`, a block of f64:
//   0 the step's number; 1 rate; 2 factor of the root of the second moment; 3 decoupled decay; 4 factor of the gradient.

// @ts-ignore: decorator
@inline
function setting(step: usize, index: i32): v128 {
  return f32x4.splat(<f32>load<f64>(step + ((<usize>index) << 3)));
}

/**
 * velocity = momentum velocity + g, w -= rate (nesterov ? g + momentum velocity : velocity): PyTorch's form, equal to
 * Keras' while the rate stays. g includes decay w.
 */
export function sgd(
  scratch: usize, w: usize, gradient: usize, velocity: usize, step: usize, momentum: f32, nesterov: i32, decay: f32,
  decayed: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const rate = f32x4.neg(setting(step, 1));
  const gain = setting(step, 4);
  const m = f32x4.splat(momentum);
  for (let i = chunk * perChunk; i < end; i += 4) {
    const old = load4(w, i);
    let g = f32x4.mul(load4(gradient, i), gain);
    if (i < decayed) g = madd(f32x4.splat(decay), old, g);
    let move = g;
    if (velocity) {
      const v = madd(m, load4(velocity, i), g);
      store4(velocity, i, v, end - i);
      move = nesterov ? madd(m, v, g) : v;
    }
    store4(w, i, madd(rate, move, old), end - i);
  }
}

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980): m and v the moving averages of g and g^2; w -= rate m / (factor sqrt(v) + epsilon).
 * Keras: rate = lr sqrt(1 - beta2^t) / (1 - beta1^t), factor 1. PyTorch: rate = lr / (1 - beta1^t), factor 1 / sqrt(1 - beta2^t).
 * g includes decay w (coupled); before the step w shrinks by the decoupled decay, lr decay (AdamW, arXiv 1711.05101).
 */
export function adam(
  scratch: usize, w: usize, gradient: usize, moment1: usize, moment2: usize, step: usize, beta1: f64, beta2: f64,
  epsilon: f32, decay: f32, decayed: i32, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const rate = f32x4.neg(setting(step, 1));
  const factor = setting(step, 2);
  const shrink = f32x4.splat(<f32>(1 - load<f64>(step + 24)));
  const gain = setting(step, 4);
  const b1 = f32x4.splat(<f32>beta1), c1 = f32x4.splat(<f32>(1 - beta1));
  const b2 = f32x4.splat(<f32>beta2), c2 = f32x4.splat(<f32>(1 - beta2));
  const e = f32x4.splat(epsilon);
  for (let i = chunk * perChunk; i < end; i += 4) {
    let old = load4(w, i);
    let g = f32x4.mul(load4(gradient, i), gain);
    if (i < decayed) {
      g = madd(f32x4.splat(decay), old, g);
      old = f32x4.mul(old, shrink);
    }
    const m = madd(b1, load4(moment1, i), f32x4.mul(c1, g));
    const v = madd(b2, load4(moment2, i), f32x4.mul(c2, f32x4.mul(g, g)));
    store4(moment1, i, m, end - i);
    store4(moment2, i, v, end - i);
    store4(w, i, madd(rate, f32x4.div(m, madd(factor, f32x4.sqrt(v), e)), old), end - i);
  }
}

/**
 * average = d average + (1 - d) w with d = min(decay, (step - 1) / (step + 9)): after the first step it is w, and it forgets
 * the first steps faster than the later ones (as TensorFlow's ExponentialMovingAverage with num_updates).
 */
export function movingAverage(
  scratch: usize, w: usize, average: usize, step: usize, decay: f64, length: i32, perChunk: i32, chunk: i32,
): void {
  const end = min(length, (chunk + 1) * perChunk);
  const done = load<f64>(step);
  decay = min<f64>(decay, (done - 1) / (done + 9));
  const keep = f32x4.splat(<f32>decay), take = f32x4.splat(<f32>(1 - decay));
  for (let i = chunk * perChunk; i < end; i += 4) {
    store4(average, i, madd(keep, load4(average, i), f32x4.mul(take, load4(w, i))), end - i);
  }
}
