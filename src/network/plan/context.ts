/**
 * What a layer or a fused operation sees while it is lowered to kernel calls: where its tensors are, where its
 * parameters are, and how to record a call. Tensors are NHWC (or `[batch, features]`), float32.
 *
 * Nothing here has an address until the whole plan is recorded: a buffer lives from the first call that touches it
 * to the last, and is then placed so that buffers with disjoint lives share memory.
 */

/** Memory of a plan. `address` is set where it lies outside the arena (images, parameters, results). */
export interface PlanBuffer {
  readonly name: string;
  readonly bytes: number;
  readonly address?: number;
}

/** A number is passed as it is (addresses, shapes, constants), a buffer as its address once placed. */
export type Argument = number | PlanBuffer;

/** Records a kernel call; see `KernelCall` for chunks and scratch. */
export type RecordCall = (
  kernel: string,
  args: readonly Argument[],
  chunks: number,
  scratch?: number,
) => void;

/** Where the gradient of an input goes: `accumulate` 1 adds to what is there, 0 overwrites it. */
export interface GradientTarget {
  readonly buffer: PlanBuffer;
  readonly accumulate: 0 | 1;
}

/**
 * The gradient by z, not computed yet: `outputGradient()` is that behind a batch normalisation of z, and
 * dz = scale g - slopes[0] - (z - mean) slopes[1], g being that gradient, through a ReLU where `relu` is 1. An operation
 * that reads z anyway computes it on the way, which saves writing and reading it.
 */
export interface DeferredGradient {
  readonly z: PlanBuffer;
  readonly coefficients: PlanBuffer;
  readonly slopes: PlanBuffer;
  readonly relu: 0 | 1;
}

/** Statistics of a tensor that its operation made on the way: parts [chunk][2][channels], see `normalizationStatistics`. */
export interface StatisticsParts {
  readonly parts: PlanBuffer;
  readonly rowsPerChunk: number;
}

interface Context {
  /** Images in the batch. */
  readonly batch: number;
  /** False in an inference plan, where backward is never called and nothing need be kept for it. */
  readonly training: boolean;
  /** The tensor that the operation's `index`-th input reads. */
  input(index: number): PlanBuffer;
  /** The operation's output. Backward may read it too, at the price that it is kept until then. */
  output(): PlanBuffer;
  /** Working memory of the operation, undefined at first; forward and backward get the same buffer by the same name. */
  buffer(name: string, bytes: number): PlanBuffer;
  /** Address of a parameter of a layer, e.g. `parameter(node, 'kernel')`. */
  parameter(layer: { readonly name: string }, name: string): number;
  /** Address of one f64: the number of this training step, for whatever draws random numbers. */
  stepNumber(): number;
  /** Seed of the run (32 bits). */
  readonly seed: number;
  readonly call: RecordCall;
}

export interface ForwardContext extends Context {
  /** The output is the memory of `buffer` (an input seen in another shape, or overwritten). */
  shareOutput(buffer: PlanBuffer): void;
  /** Whether nobody needs the `index`-th input after this operation's forward, so that it may be overwritten. */
  mayOverwrite(index: number): boolean;
  /**
   * Inference only: memory that depends on the parameters alone (folded or packed weights), filled by the calls that
   * `fill` records each time weights are loaded, and shared by plans of all batch sizes. Returns its address.
   */
  prepared(name: string, bytes: number, fill: (address: number, call: RecordCall) => void): number;
  /** Whether a batch normalisation of the batch reads the output. */
  normalizesOutput(): boolean;
  /** The operation has made the statistics of its output. */
  provideStatistics(statistics: StatisticsParts): void;
  /** The statistics of the `index`-th input, where its operation has made them. */
  inputStatistics(index: number): StatisticsParts | undefined;
}

export interface BackwardContext extends Context {
  /** Address of the gradient of a trainable parameter. It must be overwritten, not added to. */
  gradient(layer: { readonly name: string }, name: string): number;
  /** The gradient of the loss by the output. To be read only, unless `ownsOutputGradient()`. */
  outputGradient(): PlanBuffer;
  /** Whether no other tensor's gradient lies in the same memory: then it may be overwritten, or passed on. */
  ownsOutputGradient(): boolean;
  /** Where to write (or add) the gradient of the `index`-th input; undefined where nobody wants it. Ask once. */
  inputGradient(index: number): GradientTarget | undefined;
  /** Whether the gradient of the `index`-th input is wanted at all. */
  wantsInputGradient(index: number): boolean;
  /** `buffer` holds the gradient of the `index`-th input: it is taken over as it is, or added to what is there. */
  passGradient(index: number, buffer: PlanBuffer): void;
  /**
   * Leaves the rest of the `index`-th input's gradient to the operation that computes that input; `dy` takes the place
   * of the gradient. False where that operation cannot, or somebody else's gradient is to be added.
   */
  deferGradient(index: number, dy: PlanBuffer, rest: DeferredGradient): boolean;
  /** What is left to do to `outputGradient()`; only for operations that take deferred gradients. */
  deferredGradient(): DeferredGradient | undefined;
}
