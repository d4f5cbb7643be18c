import { expect, test } from 'vitest';
import { GiemsaError } from '../cells/errors.ts';
import type { Predictor } from '../network/predictor.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { fitAbstention } from './abstention.ts';

test('a file that cannot be read any more is named', async () => {
  const features = Float32Array.of(0, 1, 2, 3);
  const read = () => Promise.reject(new GiemsaError('unreadable-file', 'cannot read it: it does not exist'));
  const fitting = fitAbstention(
    {
      recipe: { training: { batch: 4, outlier: true } } as Recipe,
      predictor: {
        images: (n: number) => new Float32Array(n),
        outputs: async (n: number) => ({
          probabilities: features,
          logits: features,
          features: features.subarray(0, n),
        }),
      } as unknown as Predictor,
      pixels: {
        async *batches(requests) {
          for (const request of requests) yield { request, pixels: new Float32Array(request.cells.length) };
        },
      },
      parts: {
        targets: Uint8Array.of(0, 0, 1, 1),
        train: Uint32Array.of(0, 1, 2, 3),
        val: new Uint32Array(0),
        predicted: new Uint32Array(0),
      },
      onProgress: () => {},
      cells: ['a', 'b', 'c', 'd'].map((name) => ({ path: `cells/${name}.png`, read })),
    },
    0.5,
    { probabilities: new Float32Array(0), features: new Float32Array(0) },
  );
  await expect(fitting).rejects.toMatchObject({
    code: 'unreadable-file',
    message: 'cells/a.png: cannot read it: it does not exist',
  });
});
