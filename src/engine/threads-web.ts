import type { Thread } from './threads-node.ts';

export function startThread(): Thread {
  const worker = new Worker(new URL('./worker-web.js', import.meta.url), { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    onAnswer(handler) {
      worker.addEventListener('message', (event) => handler(event.data));
      // Where the script itself cannot be loaded, the event has no message.
      worker.addEventListener('error', ({ message }) =>
        handler({ type: 'failed', message: message || 'its script worker-web.js cannot be loaded' }),
      );
    },
    close: async () => worker.terminate(),
  };
}

/** Threads worth starting on this machine; one where the page may not share memory between threads. */
export function coreCount(): number {
  return globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
}

/** Browsers that have relaxed SIMD need no flag for it. */
export function allowRelaxed(): void {}
