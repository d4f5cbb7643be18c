// Worker: onnxruntime-node on the ONNX graph this project writes. Inference only.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';
import { createEngine } from '../dist/engine/engine.js';
import { resolve } from '../dist/network/graph.js';
import { initialWeights } from '../dist/network/initial-weights.js';
import { networks } from './networks.mjs';
import { networkFile } from './onnx-file.mjs';
import { serve, testImages } from './protocol.mjs';

async function build({ network: name, batch, threads }) {
  const network = networks[name];
  const { math } = await createEngine();
  const file = networkFile(network, initialWeights(resolve(network), 1, math));
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const { height, width, channels } = network.input;
  const shape = [batch, channels, height, width];
  const images = new ort.Tensor('float32', testImages(batch * channels * height * width), shape);
  return () => session.run({ images });
}

const manifest = new URL('../node_modules/onnxruntime-node/package.json', import.meta.url);
await serve(build, { onnxruntime: JSON.parse(readFileSync(manifest, 'utf8')).version });
