import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerMessage } from './worker-loop.ts';

/** One thread as the engine sees it. */
export interface Thread {
  post(message: WorkerMessage): void;
  onAnswer(handler: (answer: WorkerAnswer) => void): void;
  close(): Promise<void>;
}

export function startThread(): Thread {
  const worker = new Worker(new URL('./worker-node.js', import.meta.url));
  return {
    post: (message) => worker.postMessage(message),
    onAnswer(handler) {
      worker.on('message', handler);
      worker.on('error', (error) => handler({ type: 'failed', message: String(error) }));
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Threads worth starting on this machine. */
export function coreCount(): number {
  return availableParallelism();
}

/** Relaxed SIMD is behind a flag in Node 20. */
export function allowRelaxed(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
