/**
 * Lets signals, timers and a page's events in: all that only awaits promises keeps them waiting. A timer of its own would be held back
 * in a page that is not in front.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
