// Worker: this project's engine; `--fast` for relaxed SIMD. A step includes copying the batch into the engine.
import { createEngine } from '../dist/engine/engine.js';
import { resolve } from '../dist/network/graph.js';
import { initialWeights } from '../dist/network/initial-weights.js';
import { createLearner } from '../dist/network/learner.js';
import { createPredictor } from '../dist/network/predictor.js';
import { networks } from './networks.mjs';
import { serve, testImages } from './protocol.mjs';

async function build({ op, network: name, batch, threads }) {
  const engine = await createEngine({ threads, relaxed: process.argv.includes('--fast') });
  const network = networks[name];
  const { height, width, channels } = network.input;
  const weights = initialWeights(resolve(network), 1, engine.math);
  const images = testImages(batch * height * width * channels);
  if (op === 'predict') {
    const predictor = createPredictor(engine, network, weights, batch);
    return () => {
      predictor.images(batch).set(images);
      return predictor.predict(batch);
    };
  }
  const optimiser = { type: 'adam', convention: 'keras' };
  const learner = await createLearner(engine, network, weights, { batch, seed: 1, optimiser });
  const targets = Float32Array.from({ length: batch }, (_, i) => i % 2);
  let step = 0;
  return () => {
    learner.images(batch).set(images);
    learner.targets(batch).set(targets);
    step++;
    return learner.step(batch, { learningRate: 1e-3, step });
  };
}

await serve(build, { node: process.version });
