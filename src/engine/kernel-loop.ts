import type { Plan } from './plan.ts';

/** A kernel as exported by the module. */
export type Kernel = (...args: number[]) => void;
export type Kernels = Readonly<Record<string, Kernel>>;

/** Places, in 32-bit words, in the control block the threads share. */
export const control = {
  /** Threads that have finished the current call. */
  arrived: 2,
  /** Counts the calls finished by all; threads wait here for each other. */
  barrier: 3,
  /** Where the chunk counters begin: one a call. */
  counters: 16,
} as const;

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** All chunks of all calls, in order, in the calling thread. */
export function runAlone(kernels: Kernels, plan: Plan, scratch: number): void {
  for (const call of plan) {
    const kernel = kernels[call.kernel];
    const args = [scratch, ...call.args, 0];
    for (let chunk = 0; chunk < call.chunks; chunk++) {
      args[args.length - 1] = chunk;
      kernel(...args);
    }
  }
}

/** One thread's share: chunks taken with an atomic counter, a barrier after each call. */
export function runShare(
  kernels: Kernels,
  plan: Plan,
  scratch: number,
  words: Int32Array,
  threads: number,
): void {
  for (let index = 0; index < plan.length; index++) {
    const call = plan[index];
    const kernel = kernels[call.kernel];
    const args = [scratch, ...call.args, 0];
    const last = args.length - 1;
    const counter = control.counters + index;
    for (
      let chunk = Atomics.add(words, counter, 1);
      chunk < call.chunks;
      chunk = Atomics.add(words, counter, 1)
    ) {
      args[last] = chunk;
      kernel(...args);
    }
    const turn = Atomics.load(words, control.barrier);
    if (Atomics.add(words, control.arrived, 1) === threads - 1) {
      Atomics.store(words, control.arrived, 0);
      Atomics.store(words, counter, 0);
      Atomics.add(words, control.barrier, 1);
      Atomics.notify(words, control.barrier);
    } else {
      waitWhile(words, control.barrier, turn);
    }
  }
}

/**
 * Spins for some microseconds, as calls are short, then sleeps. A thread that failed never comes, whether its kernel
 * trapped or it died: then the pool ends those that sleep.
 */
function waitWhile(words: Int32Array, place: number, value: number): void {
  for (let spin = 0; spin < 500; spin++) {
    if (Atomics.load(words, place) !== value) return;
  }
  while (Atomics.load(words, place) === value) Atomics.wait(words, place, value);
}
