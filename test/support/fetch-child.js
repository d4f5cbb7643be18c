// Fetches a data set in a process of its own, to be killed: node fetch-child.js OUT, the source as JSON on stdin; the bytes
// that have come on stdout, a line each time.
import { text } from 'node:stream/consumers';
import { fetchDataset } from '../../dist/dataset/fetch/fetch-dataset.js';

const source = JSON.parse(await text(process.stdin));
await fetchDataset(source, process.argv[2], {
  timing: { silence: 60_000, pauses: [] },
  onProgress: (step, done) => step === 'downloading' && process.stdout.write(`${done}\n`),
});
