import { instantiateKernels, runShare } from './kernel-loop.ts';
import type { Plan } from './plan.ts';

/** What the engine tells a thread. Plans arrive before the run that uses them. */
export type WorkerMessage =
  | {
      type: 'start';
      module: WebAssembly.Module;
      memory: WebAssembly.Memory;
      control: SharedArrayBuffer;
      threads: number;
    }
  | { type: 'run'; plan: number; calls: Plan | undefined; scratch: number };

/** What a thread answers after each run. */
export type WorkerAnswer = { type: 'ready' } | { type: 'done' } | { type: 'failed'; message: string };

/** One thread of the pool; the same in Node and in browsers, whose ends hand in how to post an answer. */
export function createWorkerLoop(post: (answer: WorkerAnswer) => void): (message: WorkerMessage) => void {
  const plans = new Map<number, Plan>();
  let kernels: ReturnType<typeof instantiateKernels> | undefined;
  let words: Int32Array = new Int32Array(0);
  let threads = 1;
  return (message) => {
    if (message.type === 'start') {
      kernels = instantiateKernels(message.module, message.memory);
      words = new Int32Array(message.control);
      threads = message.threads;
      post({ type: 'ready' });
      return;
    }
    if (message.calls) plans.set(message.plan, message.calls);
    const plan = plans.get(message.plan);
    if (!plan || !kernels) {
      post({ type: 'failed', message: 'the thread has no such plan' });
      return;
    }
    try {
      runShare(kernels, plan, message.scratch, words, threads);
    } catch (error) {
      post({ type: 'failed', message: String(error) });
      return;
    }
    post({ type: 'done' });
  };
}
