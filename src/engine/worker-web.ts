import { createWorkerLoop } from './worker-loop.ts';

const handle = createWorkerLoop((answer) => self.postMessage(answer));
self.addEventListener('message', (event) => handle(event.data));
