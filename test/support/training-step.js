// Two steps of training, written once for Node.js and for the browser: imports are by path within dist/, which the caller
// names, and numbers come from the project's own generator.

/**
 * @param {(path: string) => Promise<any>} load imports a module of dist/
 * @param {{ recipe: string, batch: number, threads: number }} options
 * @returns {Promise<string>} SHA-256 (hex) of loss, probabilities and all that the steps changed
 */
export async function trainTwoSteps(load, { recipe: name, batch, threads }) {
  const { createEngine } = await load('engine/engine.js');
  const { resolve } = await load('network/graph.js');
  const { initialWeights } = await load('network/initial-weights.js');
  const { createLearner } = await load('network/learner.js');
  const { augmentInto } = await load('recipes/augment.js');
  const { random } = await load('recipes/random.js');
  const recipe = (await load(`recipes/${name}.js`))[name === 'default' ? 'standard' : name];
  const { network, preprocessing, augmentation, training } = recipe;

  const engine = await createEngine({ threads });
  const weights = initialWeights(resolve(network), 1, engine.math);
  const learner = await createLearner(engine, network, weights, { ...training, batch, seed: 1 });
  const size = preprocessing.height * preprocessing.width * 3;
  const results = [];
  for (const step of [1, 2]) {
    for (let i = 0; i < batch; i++) {
      const image = randomImage(random(step, i));
      const draw = random(1, step, i);
      augmentInto(image, preprocessing, augmentation, draw, learner.images(batch), i * size);
      learner.targets(batch)[i] = i % 2;
    }
    const { loss, probabilities } = await learner.step(batch, { learningRate: 1e-3, step });
    results.push(Float64Array.of(loss), probabilities);
  }
  results.push(...learner.state().values());
  await engine.close();

  const bytes = await new Blob(results).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function randomImage(draw) {
  const width = 60 + Math.floor(draw() * 80);
  const height = 60 + Math.floor(draw() * 80);
  const data = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(draw() * 256));
  return { width, height, data };
}
