import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Peak resident memory of this process. */
function peakMegabytes() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

/**
 * Serves the line protocol described in python/protocol.py.
 * @param build request -> a function that runs one step and waits for its result
 */
export async function serve(build, versions) {
  let step;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (!step) {
      step = await build(request);
      for (let i = 0; i < 2; i++) await step();
    }
    const start = performance.now();
    const cpu = process.cpuUsage();
    for (let i = 0; i < request.steps; i++) await step();
    const steps = Math.max(1, request.steps);
    const ms = (performance.now() - start) / steps;
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1000 / steps;
    console.log(JSON.stringify({ ms, cpuMs, peakMegabytes: peakMegabytes(), versions }));
  }
  // The engine's threads would keep the process alive.
  process.exit();
}

/** The same numbers in [0, 1) everywhere; what they are does not matter for time. */
export function testImages(length) {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}
