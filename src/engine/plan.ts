/**
 * A plan is a network compiled to a list of kernel calls over one memory, every buffer placed ahead of time.
 *
 * A call is cut into chunks that do not depend on the number of threads: threads take chunks in any order, and a
 * chunk writes only what belongs to it. So one plan gives the same bytes with one thread or eight.
 */
export interface KernelCall {
  /** Name of an export of the kernel module. It is called as `kernel(scratch, ...args, chunk)`. */
  readonly kernel: string;
  /** Addresses (bytes), shapes and constants, in the order of the kernel's signature. */
  readonly args: readonly number[];
  /** Number of chunks; the kernel is called once for each of 0 ... chunks - 1. */
  readonly chunks: number;
  /** Bytes of scratch memory a call needs: private to the thread, undefined at entry. */
  readonly scratch?: number;
  /** What the call is for, e.g. `stem forward`; for profiles and errors. */
  readonly note?: string;
}

export type Plan = readonly KernelCall[];
