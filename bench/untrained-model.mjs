import { createEngine } from '../dist/engine/engine.js';
import { writeModel } from '../dist/model/file.js';
import { resolve } from '../dist/network/graph.js';
import { initialWeights } from '../dist/network/initial-weights.js';

/** The bytes of a model file with the weights that training starts from: for its speed. */
export async function untrainedModel(network, preprocessing) {
  const { math } = await createEngine();
  const metadata = {
    threshold: 0.5,
    chosenOn: 'nothing',
    recipe: { name: 'bench', settings: {} },
    seed: 1,
    labelSet: 'published',
    dataFingerprint: '',
    splitFingerprint: '',
    prior: 0.5,
    version: 'bench',
    commit: null,
  };
  return writeModel({ network, preprocessing, metadata, weights: initialWeights(resolve(network), 1, math) });
}
