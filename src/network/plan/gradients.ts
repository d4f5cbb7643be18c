import { elementwise } from './chunks.ts';
import type { GradientTarget, PlanBuffer, RecordCall } from './context.ts';

/**
 * Which buffer holds the gradient of which tensor while backward calls are recorded. A tensor that several operations
 * read gets the sum of their gradients. Gradients that are equal share a buffer (an addition passes its own to both
 * inputs) until one of them is added to.
 */
export class GradientBook {
  readonly #buffers = new Map<number, PlanBuffer>();
  /** Tensors whose gradient lies in a buffer and is still to be read. */
  readonly #readers = new Map<PlanBuffer, Set<number>>();
  readonly #create: (tensor: number) => PlanBuffer;
  readonly #call: RecordCall;

  constructor(create: (tensor: number) => PlanBuffer, call: RecordCall) {
    this.#create = create;
    this.#call = call;
  }

  get(tensor: number): PlanBuffer | undefined {
    return this.#buffers.get(tensor);
  }

  /** Whether the buffer of this tensor's gradient is nobody else's. */
  isAlone(tensor: number): boolean {
    const buffer = this.#buffers.get(tensor);
    return buffer !== undefined && buffer.address === undefined && this.#readers.get(buffer)?.size === 1;
  }

  /** Where a further part of the tensor's gradient is to be written, or added. */
  target(tensor: number): GradientTarget {
    const old = this.#buffers.get(tensor);
    if (!old) {
      const buffer = this.#create(tensor);
      this.#hold(tensor, buffer);
      return { buffer, accumulate: 0 };
    }
    if (this.isAlone(tensor)) return { buffer: old, accumulate: 1 };
    const buffer = this.#create(tensor);
    const { args, chunks } = elementwise(buffer.bytes / 4);
    this.#call('copyValues', [old, buffer, 0, ...args], chunks);
    this.done(tensor);
    this.#hold(tensor, buffer);
    return { buffer, accumulate: 1 };
  }

  /** `buffer` is (a part of) the tensor's gradient. */
  pass(tensor: number, buffer: PlanBuffer): void {
    if (!this.#buffers.has(tensor)) {
      this.#hold(tensor, buffer);
      return;
    }
    const target = this.target(tensor);
    const { args, chunks } = elementwise(buffer.bytes / 4);
    this.#call('copyValues', [buffer, target.buffer, 1, ...args], chunks);
  }

  /** The tensor's gradient has been read. */
  done(tensor: number): void {
    const buffer = this.#buffers.get(tensor);
    if (buffer) this.#readers.get(buffer)?.delete(tensor);
  }

  #hold(tensor: number, buffer: PlanBuffer): void {
    this.#buffers.set(tensor, buffer);
    const readers = this.#readers.get(buffer) ?? new Set();
    this.#readers.set(buffer, readers.add(tensor));
  }
}
