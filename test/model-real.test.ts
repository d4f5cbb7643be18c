import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { decodeImage } from '../src/cells/decode.ts';
import { readInputs } from '../src/dataset/inputs.ts';
import { createEngine } from '../src/engine/engine.ts';
import { createClassifier } from '../src/model/classifier.ts';
import { writeModel } from '../src/model/file.ts';
import { recipeByName } from '../src/recipes/index.ts';
import type { Recipe } from '../src/recipes/recipe.ts';
import { describeReal, realData } from './support/real-data.ts';
import { testModel } from './support/test-model.ts';

describeReal('ONNX Runtime gives our probabilities on 200 real cells', () => {
  it.each(['seed', 'default', 'models/default.onnx'])('%s', async (name) => {
    const bytes = name.endsWith('.onnx')
      ? await readFile(new URL(`../${name}`, import.meta.url))
      : await untrained(recipeByName(name) as Recipe);
    const classifier = await createClassifier(await createEngine(), bytes);
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const images = [];
    let seen = 0;
    for await (const input of readInputs([realData('nih-sample-2000.zip')])) {
      if ('read' in input && seen++ % 10 === 0) images.push(await decodeImage(await input.read()));
    }
    expect(images).toHaveLength(200);
    expect(new Set(images.map(({ height, width }) => `${height}x${width}`)).size).toBeGreaterThan(100);

    const predictions = await classifier.classify(images);
    let worst = 0;
    for (const [i, { height, width, data }] of images.entries()) {
      const { probability } = await session.run({ image: new Tensor('uint8', data, [1, height, width, 3]) });
      worst = Math.max(
        worst,
        Math.abs((predictions[i].probability as number) - (probability.data[0] as number)),
      );
    }
    expect(worst).toBeLessThan(1e-5);
    await classifier.close();
  });
});

function untrained({ network, preprocessing }: Recipe): Promise<Uint8Array> {
  return writeModel(testModel(network, preprocessing));
}
