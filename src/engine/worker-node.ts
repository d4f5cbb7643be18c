import { parentPort } from 'node:worker_threads';
import { createWorkerLoop } from './worker-loop.ts';

const handle = createWorkerLoop((answer) => parentPort?.postMessage(answer));
parentPort?.on('message', handle);
